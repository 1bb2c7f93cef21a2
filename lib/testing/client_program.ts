import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("./clients/", import.meta.url);

/** What a program did. */
export interface ProgramResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): Promise<ProgramResult> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    ...options,
    args: [...args],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

const clientPath = (file: string) => fileURLToPath(new URL(file, FOLDER));
const WITH_PACKAGES = ["--quiet", "--frozen", `--config=${clientPath("deno.json")}`];

/** Runs `clients/NAME.ts`, with the packages that its folder names. */
export function runClient(name: string, args: readonly string[]): Promise<ProgramResult> {
  const program = [clientPath(`${name}.ts`), ...args];
  return runProgram(Deno.execPath(), ["run", "-A", ...WITH_PACKAGES, ...program]);
}

/** Runs code as it stands, with the packages that the folder of clients names. */
export function evalWithPackages(code: string): Promise<ProgramResult> {
  const cwd = fileURLToPath(FOLDER);
  return runProgram(Deno.execPath(), ["eval", ...WITH_PACKAGES, code], { cwd });
}

/**
 * What a published client of Binance's API, `clients/NAME.ts`, reads at an origin: `wanted` names
 * reads and their arguments, the answer names their results, as JSON carries them.
 */
export async function readWith(
  client: "ccxt" | "binance",
  origin: string,
  wanted: Readonly<Record<string, readonly unknown[]>>,
) {
  const { code, out, err } = await runClient(client, [origin, JSON.stringify(wanted)]);
  assert.equal(code, 0, err);
  return JSON.parse(out);
}
