import { fileURLToPath } from "node:url";
import type { LoggedRequest } from "../packages/simulator/request_log.ts";

const MAIN = fileURLToPath(new URL("../packages/simulator/main.ts", import.meta.url));

/** A simulated exchange in a separate process, like a real exchange. */
export interface SimulatorProcess {
  readonly url: string;
  readonly pid: number;
  /** Calls a control route; see `packages/simulator/README.md`. */
  control<T>(method: "GET" | "POST" | "DELETE", route: string, body?: unknown): Promise<T>;
  /** Received requests for market data, in order of arrival. */
  requests(query?: string): Promise<LoggedRequest[]>;
  /** Every closed candle it serves from `from` on, without the unused field. */
  candles(symbol: string, interval: string, from?: number): Promise<(string | number)[][]>;
  stop(): Promise<void>;
}

/** Starts it on a free port with command line options. */
export async function spawnSimulator(options: readonly string[]): Promise<SimulatorProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, "--port", "0", ...options],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const text = new TextDecoder().decode((await reader.read()).value);
  const url = /http:\/\/\S+/.exec(text)![0];
  async function control<T>(method: string, route: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/_simulator/${route}`, {
      method,
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${route}: ${JSON.stringify(answer)}`);
    return answer;
  }
  return {
    url,
    pid: child.pid,
    control,
    requests: (query = "path=/api/v3") => control("GET", `requests?${query}`),
    async candles(symbol, interval, from = 0) {
      const route = `candles?symbol=${symbol}&interval=${interval}&from=${from}`;
      const rows = await control<(string | number)[][]>("GET", route);
      return rows.map((row) => row.slice(0, 11));
    },
    async stop() {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}
