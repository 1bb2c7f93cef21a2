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

/** Runs `clients/NAME.ts`, with the packages that its folder names. */
export function runClient(name: string, args: readonly string[]): Promise<ProgramResult> {
  const path = (file: string) => fileURLToPath(new URL(file, FOLDER));
  return runProgram(Deno.execPath(), [
    ...["run", "-A", "--quiet", "--frozen", `--config=${path("deno.json")}`],
    ...[path(`${name}.ts`), ...args],
  ]);
}
