import { fileURLToPath } from "node:url";
import { getProgram, type Program } from "../lib/testing/programs.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Spends little CPU per response, so that the server is measured. */
export const WRK: Program = { name: "wrk", commands: ["wrk"], packages: ["wrk"] };
const CONNECTIONS = 16;
const SECONDS = 3;

/** Inserts a new number into each request. */
const COUNTING = `
local count, path = 0, nil
request = function()
  path = path or wrk.path
  count = count + 1
  return wrk.format("GET", (path:gsub("EACH", tostring(count))))
end
`;

/**
 * Requests per second of `url` with `headers`; `EACH` in it is a new number in each request. Any
 * failed response is an error.
 */
export async function requestsPerSecond(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const script = await Deno.makeTempFile({ suffix: ".lua" });
  await Deno.writeTextFile(script, COUNTING);
  const { stdout } = await new Deno.Command(getProgram(WRK), {
    args: [
      "-t1",
      `-c${CONNECTIONS}`,
      `-d${SECONDS}s`,
      ...Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
      ...url.includes("EACH") ? ["-s", script] : [],
      url,
    ],
  }).output();
  await Deno.remove(script);
  const text = new TextDecoder().decode(stdout);
  const failure = /Non-2xx.*|Socket errors.*/.exec(text)?.[0];
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
  if (failure || !(perSecond > 0)) throw new Error(`Requests to ${url} failed: ${failure ?? text}`);
  return perSecond;
}

/** A server in a separate process that responds with `bytes` bytes from memory. */
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
