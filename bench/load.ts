import { fileURLToPath } from "node:url";
import { getProgram, type Program } from "../lib/testing/programs.ts";
import { processCpuMs } from "./process_cost.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Spends little CPU per response, so that the server is measured. */
export const WRK: Program = { name: "wrk", commands: ["wrk"], packages: ["wrk"] };
const CONNECTIONS = 16;
const SECONDS = 3;

/** Requests the paths of a file, one after the other. */
const LISTED = `
local paths, count = {}, 0
for path in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = path end
request = function()
  count = count % #paths + 1
  return wrk.format("GET", paths[count])
end
`;

export interface LoadOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Requested instead of the URL's path, each once unless there are too few. */
  readonly paths?: readonly string[];
}

/**
 * Requests `url` for some seconds on several connections, and returns the number of responses. Any
 * failed one is an error.
 */
export async function requestRepeatedly(
  url: string,
  { headers = {}, paths }: LoadOptions = {},
): Promise<number> {
  const [script, list] = [await Deno.makeTempFile({ suffix: ".lua" }), await Deno.makeTempFile()];
  await Deno.writeTextFile(script, LISTED);
  await Deno.writeTextFile(list, (paths ?? []).join("\n"));
  const { stdout } = await new Deno.Command(getProgram(WRK), {
    args: [
      "-t1",
      `-c${CONNECTIONS}`,
      `-d${SECONDS}s`,
      ...Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
      ...paths === undefined ? [] : ["-s", script],
      url,
    ],
    env: { PATHS: list },
  }).output();
  await Deno.remove(script);
  await Deno.remove(list);
  const text = new TextDecoder().decode(stdout);
  const failure = /Non-2xx.*|Socket errors.*/.exec(text)?.[0];
  const count = Number(/(\d+) requests in/.exec(text)?.[1]);
  if (failure || !(count > 0)) throw new Error(`Requests to ${url} failed: ${failure ?? text}`);
  return count;
}

/**
 * Requests answered per second of a process's CPU time: on a machine that is also used by others,
 * requests per second of real time would measure those, too.
 */
export async function requestsPerCpuSecond(
  pid: number,
  url: string,
  options: LoadOptions = {},
): Promise<number> {
  const before = processCpuMs(pid);
  const count = await requestRepeatedly(url, options);
  return count / ((processCpuMs(pid) - before) / 1_000);
}

/** A server in a separate process that responds with `bytes` bytes from memory. */
export async function fixedServer(
  bytes: number,
): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${folder}fixed_server.ts`, String(bytes)],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const url = new TextDecoder().decode((await reader.read()).value).trim();
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}
