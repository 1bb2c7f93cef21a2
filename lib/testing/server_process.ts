import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the app. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** wick as its users run it: a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** What it has printed so far. */
  output(): string;
  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<{ code: number; ms: number }>;
}

/** Builds the islands, once a test run. */
export async function build(): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "dev.ts", "build"],
    cwd: root,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Starts `serve.ts` with `env` on a free port and waits until it answers. */
export async function startServer(
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<ServerProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...flags, "serve.ts"],
    cwd: root,
    env: { PORT: "0", DATABASE_URL: "", PGHOST: "", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let printed = "";
  const drains = [child.stdout, child.stderr].map(async (stream) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) printed += decoder.decode(chunk, { stream: true });
  });
  let hasEnded = false;
  const ended = Promise.all([child.status, ...drains]).then(() => hasEnded = true);
  const url = await waitFor(() => {
    if (hasEnded) throw new Error(`The server ended: ${printed}`);
    return /wick is at (http:\/\/[^/]+)/.exec(printed)?.[1];
  }, 30_000);
  return {
    url,
    pid: child.pid,
    output: () => printed,
    async kill(signal) {
      const start = performance.now();
      child.kill(signal);
      const { code } = await child.status;
      await ended;
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
    args: [
      // Side by side they would wait for each other, and say so.
      ...["run", "-A", "--node-modules-dir=manual"],
      ...["--config", join(root, "deno.json"), join(root, "main.ts"), ...args],
    ],
    cwd,
    env: { DATABASE_URL: "", PGHOST: "", NO_COLOR: "1", ...env },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), err: decode(stderr) };
}

/** Asks again and again until there is an answer. */
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
