import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the app. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Removes database settings from the developer's environment. */
const NO_DATABASE = { DATABASE_URL: "", PGHOST: "", PGHOSTADDR: "", PGSERVICE: "" };

/** Set by `run_tests.ts`, which builds once for all test files. */
export const ISLANDS_BUILT = "WICK_TEST_ISLANDS_BUILT";

/** Builds the islands, unless the test run has done so. */
export async function build(): Promise<void> {
  if (Deno.env.get(ISLANDS_BUILT) !== undefined) return;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "dev.ts", "build"],
    cwd: root,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** A started wick process. */
export interface LaunchedProcess {
  readonly pid: number;
  /** Its output so far. */
  output(): string;
  /** Resolves with its exit code. */
  readonly ended: Promise<number>;
  hasEnded(): boolean;
  signal(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
}

/** A wick server in its own process, as users run it. */
export interface ServerProcess extends LaunchedProcess {
  readonly url: string;
  /** Sends `signal` and waits for the end. */
  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<{ code: number; ms: number }>;
}

export interface LaunchOptions {
  readonly env: Record<string, string>;
  /** Arguments of `deno run`; default `serve.ts`. */
  readonly args?: readonly string[];
  /** Flags of `deno run`. */
  readonly flags?: readonly string[];
  /** Permission flags; default all. */
  readonly permissions?: readonly string[];
  /** Limit of open files; default the machine's. */
  readonly openFiles?: number;
}

/** Starts a program of wick without waiting. */
export function launch(options: LaunchOptions) {
  const { env, args = ["serve.ts"], flags = [], permissions = ["-A"], openFiles } = options;
  const command = [Deno.execPath(), "run", ...permissions, ...flags, ...args];
  const limited = ["sh", "-c", `ulimit -n ${openFiles}; exec "$@"`, "sh", ...command];
  const [program, ...rest] = openFiles === undefined ? command : limited;
  const child = new Deno.Command(program!, {
    args: rest,
    cwd: root,
    env: { PORT: "0", ...NO_DATABASE, NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let printed = "";
  const drains = [child.stdout, child.stderr].map(async (stream) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) printed += decoder.decode(chunk, { stream: true });
  });
  let hasEnded = false;
  const ended = Promise.all([child.status, ...drains]).then(([{ code }]) => {
    hasEnded = true;
    return code;
  });
  const launched: LaunchedProcess = {
    pid: child.pid,
    output: () => printed,
    ended,
    hasEnded: () => hasEnded,
    signal(signal) {
      if (hasEnded) return;
      try {
        child.kill(signal);
      } catch (error) {
        // it has ended, but its output is still being read
        if (!(error instanceof TypeError)) throw error;
      }
    },
  };
  return launched;
}

/** Starts `serve.ts` with `env` on a free port and waits until it answers. */
export async function startServer(
  env: Record<string, string>,
  flags: readonly string[] = [],
  options: Pick<LaunchOptions, "args" | "openFiles" | "permissions"> = {},
): Promise<ServerProcess> {
  const child = launch({ env, flags, ...options });
  const url = await waitFor(() => {
    if (child.hasEnded()) throw new Error(`The server ended: ${child.output()}`);
    return /wick is at (http:\/\/[^/]+)/.exec(child.output())?.[1];
  }, 30_000);
  return {
    ...child,
    url,
    async kill(signal) {
      const start = performance.now();
      child.signal(signal);
      const code = await child.ended;
      return { code, ms: performance.now() - start };
    },
  };
}

/** Runs `main.ts` as the command line does, to its end. */
export async function runMain(
  args: readonly string[],
  env: Record<string, string>,
  cwd = root,
): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", join(root, "deno.json"), join(root, "main.ts"), ...args],
    cwd,
    env: { ...NO_DATABASE, NO_COLOR: "1", ...env },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), err: decode(stderr) };
}

/** Repeats a request until there is a response. */
export async function waitFor<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nothing came within ${timeoutMs} ms`);
}
