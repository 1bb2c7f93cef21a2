import type { Interval } from "../../lib/core/interval.ts";
import { DAY_MS, HOUR_MS } from "../../lib/core/time.ts";
import { type SimulatorProcess, spawnSimulator } from "../simulator_process.ts";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const INTERVALS: Interval[] = ["1m", "1h"];

/** What wick keeps while it is struck. */
export const SERIES = SYMBOLS.flatMap((symbol) =>
  INTERVALS.map((interval) => ({ symbol, interval }))
);

const DAYS = 14;
const SINCE = Math.floor(Date.now() / DAY_MS - DAYS) * DAY_MS;

/** Candles that the exchange does not have: a gap to be explained. */
export const HIDDEN = {
  symbol: "BTCUSDT",
  from: SINCE + 2 * DAY_MS,
  to: SINCE + 2 * DAY_MS + 3 * HOUR_MS,
};

/** wick's settings for this market. */
export const MARKET_ENV = { SYMBOLS: SYMBOLS.join(), INTERVALS: INTERVALS.join() };

/** An exchange of two symbols with a few days of history, on the real clock. */
export async function openMarket(): Promise<SimulatorProcess> {
  const simulator = await spawnSimulator([
    "--no-outages",
    "--since",
    String(SINCE),
    "--symbols",
    SYMBOLS.join(),
  ]);
  await simulator.control("POST", "hide", HIDDEN);
  return simulator;
}

/** So that collecting takes some seconds, and a fault strikes in the middle of it. */
const ANSWER_MS = 100;

/** Slows the exchange down a little. */
export async function slowMarket(simulator: SimulatorProcess): Promise<void> {
  const slow = { kind: "slow", delayMs: ANSWER_MS, path: "klines" };
  await simulator.control("POST", "faults", slow);
}

/** Ends that: of several faults that fit a request the first one strikes alone. */
export async function quickMarket(simulator: SimulatorProcess): Promise<void> {
  await simulator.control("DELETE", "faults");
}

/** Ends every fault, and sets the exchange's clock right. */
export async function calmMarket(simulator: SimulatorProcess): Promise<void> {
  await quickMarket(simulator);
  await simulator.control("DELETE", "chaos");
  await simulator.control("DELETE", "weights");
  await simulator.control("DELETE", "requests");
  await simulator.control("POST", "clock", { set: Date.now() });
}
