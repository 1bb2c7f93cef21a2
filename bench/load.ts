import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));

/**
 * Requests per second that `url` bears, asked with `headers`; `EACH` in it is another number for each
 * request. Any failed answer is an error.
 */
export async function requestsPerSecond(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${folder}load_client.ts`, url, "3", JSON.stringify(headers)],
    stderr: "null",
  }).output();
  const { perSecond, failed } = JSON.parse(new TextDecoder().decode(stdout));
  if (failed > 0) throw new Error(`${failed} requests to ${url} failed`);
  return perSecond;
}

/** A server in a process of its own that answers `bytes` bytes from memory. */
export async function fixedServer(bytes: number): Promise<{ url: string; stop(): Promise<void> }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${folder}fixed_server.ts`, String(bytes)],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const url = new TextDecoder().decode((await reader.read()).value).trim();
  return {
    url,
    async stop() {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}
