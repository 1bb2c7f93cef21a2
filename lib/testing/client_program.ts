import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("./clients/", import.meta.url);

/** Result of a program. */
export interface ProgramResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program and returns its result. */
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

/** Runs `clients/NAME.ts` with the packages of its folder. */
export function runClient(name: string, args: readonly string[]): Promise<ProgramResult> {
  const program = [clientPath(`${name}.ts`), ...args];
  return runProgram(Deno.execPath(), ["run", "-A", ...WITH_PACKAGES, ...program]);
}

/** Runs code unchanged, with the packages of the clients' folder. */
export function evalWithPackages(code: string): Promise<ProgramResult> {
  const cwd = fileURLToPath(FOLDER);
  return runProgram(Deno.execPath(), ["eval", ...WITH_PACKAGES, code], { cwd });
}

/**
 * Calls a published client of Binance's API, `clients/NAME.ts`, at an origin: `wanted` contains
 * calls and their arguments, the result contains their results as JSON.
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
