import type { Interval } from "../../lib/core/interval.ts";
import { DAY_MS, HOUR_MS } from "../../lib/core/time.ts";
import { type SimulatorProcess, spawnSimulator } from "../simulator_process.ts";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const INTERVALS: Interval[] = ["1m", "1h"];

/** The series that wick collects during the faults. */
export const SERIES = SYMBOLS.flatMap((symbol) =>
  INTERVALS.map((interval) => ({ symbol, interval }))
);

const DAYS = 14;
const SINCE = Math.floor(Date.now() / DAY_MS - DAYS) * DAY_MS;

/** Candles that the exchange lacks: a gap to be classified. */
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

/** Slow enough that collecting takes some seconds, and a fault hits it midway. */
const ANSWER_MS = 100;

/** Slows the exchange down slightly. */
export async function slowMarket(simulator: SimulatorProcess): Promise<void> {
  const slow = { kind: "slow", delayMs: ANSWER_MS, path: "klines" };
  await simulator.control("POST", "faults", slow);
}

/** Ends that: if several faults match a request, only the first one applies. */
export async function quickMarket(simulator: SimulatorProcess): Promise<void> {
  await simulator.control("DELETE", "faults");
}

/** Ends every fault, and corrects the exchange's clock. */
export async function calmMarket(simulator: SimulatorProcess): Promise<void> {
  await quickMarket(simulator);
  await simulator.control("DELETE", "chaos");
  await simulator.control("DELETE", "weights");
  await simulator.control("DELETE", "requests");
  await simulator.control("POST", "clock", { set: Date.now() });
}
