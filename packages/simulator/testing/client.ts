import type { KlineRow } from "../market/kline_row.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../simulator.ts";

/** A simulator and short functions to query it; for tests only. */
export interface Client {
  readonly simulator: Simulator;
  get(path: string, init?: RequestInit): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
  /** Rows of `/api/v3/klines`; the query without its `?`. */
  klines(query: string): Promise<KlineRow[]>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // deno-lint-ignore no-explicit-any
  readonly json: any;
}

/** 2024-05-15T10:20:30.400Z, aligned with no interval. */
export const NOW = Date.UTC(2024, 4, 15, 10, 20, 30, 400);

/** Runs `body` against a simulator whose clock is frozen at `NOW`, and closes it. */
export async function withSimulator(
  options: SimulatorOptions,
  body: (client: Client) => Promise<void>,
): Promise<void> {
  await using simulator = await startSimulator({ now: NOW, frozen: true, ...options });
  const get = async (path: string, init?: RequestInit) =>
    read(await fetch(simulator.url + path, init));
  await body({
    simulator,
    get,
    post: (path, body) => get(path, { method: "POST", body: JSON.stringify(body) }),
    klines: async (query) => (await get(`/api/v3/klines?${query}`)).json,
  });
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text);
    },
  };
}

export function at(iso: string): number {
  return Date.parse(iso);
}

/** Waits until `check` holds, for at most 10 s. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!await check()) {
    if (Date.now() > end) throw new Error("Cannot wait any longer");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
