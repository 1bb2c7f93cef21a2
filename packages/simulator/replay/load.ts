import type { Interval } from "../../../lib/core/interval.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import type { KlineRow } from "../market/kline_row.ts";
import { findCsvFiles } from "./csv_files.ts";
import { ReplayMarket } from "./replay_market.ts";
import { readSavedCandles } from "./saved_candles.ts";

/**
 * The markets that the files and folders hold, in the order in which they turn up. Files of one
 * series are merged; of several candles with one open time the last one read counts.
 *
 * @throws {AppError} `invalid_input`, naming the file and the line
 */
export function loadMarkets(paths: readonly string[], since: EpochMs): ReplayMarket[] {
  const symbols = new Map<string, Map<Interval, KlineRow[]>>();
  for (const { path, symbol, interval } of findCsvFiles(paths)) {
    const rows = readSavedCandles(Deno.readTextFileSync(path), interval, path)
      .filter(([open]) => open >= since);
    const intervals = symbols.get(symbol) ?? new Map<Interval, KlineRow[]>();
    intervals.set(interval, [...intervals.get(interval) ?? [], ...rows]);
    symbols.set(symbol, intervals);
  }
  return [...symbols].map(([symbol, rows]) => new ReplayMarket(symbol, rows));
}
