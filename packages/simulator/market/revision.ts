import type { Interval } from "../../../lib/core/interval.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import type { CandleRow } from "./candle_block.ts";
import { fromUnits, toUnits } from "./fixed_point.ts";
import { FIELD, type KlineChange, type KlineRow, parseRow } from "./kline_row.ts";
import type { SeriesKey } from "./market.ts";

/** A closed candle that the exchange serves differently from now on. */
export interface Revision {
  /** The row's text with the revision applied; unchanged where it does not concern the row. */
  apply(row: CandleRow, key: SeriesKey): string;
}

/** Replaces fields of one row, in one interval only. */
export function reviseRow(interval: Interval, open: EpochMs, change: KlineChange): Revision {
  return {
    apply(row, key) {
      if (key.interval !== interval || row.open !== open) return row.text;
      const fields: unknown[] = parseRow(row.text);
      for (const [name, value] of Object.entries(change)) {
        const isTime = name === "closeTime" && key.unit === "us";
        fields[FIELD[name as keyof KlineChange]] = isTime ? Number(value) * 1000 + 999 : value;
      }
      // An exchange has no close above the high.
      if (change.high === undefined) fields[2] = extreme(fields as KlineRow, 1);
      if (change.low === undefined) fields[3] = extreme(fields as KlineRow, -1);
      return JSON.stringify(fields);
    },
  };
}

/** The highest (1) or lowest (-1) of the four prices. */
function extreme([, ...fields]: KlineRow, sign: 1 | -1): string {
  const prices = fields.slice(0, 4) as string[];
  return prices.reduce((a, b) => Number(b) * sign > Number(a) * sign ? b : a);
}

const SUMS = ["volume", "quoteAssetVolume", "takerBuyBaseAssetVolume", "takerBuyQuoteAssetVolume"];

/**
 * Makes the candles of all intervals agree with a change to one: amounts go to the shortest candle
 * at its open, prices may only widen the range.
 *
 * @throws {RangeError} when the change would narrow the range or shift the close time
 */
export function reviseAcross(before: CandleRow, change: KlineChange): Revision {
  const old = parseRow(before.text);
  refuseNarrowing(old, change);
  const added = SUMS.flatMap((name) => {
    const field = FIELD[name as keyof KlineChange];
    const value = change[name as keyof KlineChange];
    return value === undefined
      ? []
      : [{ field, units: toUnits(String(value)) - toUnits(String(old[field])) }];
  });
  const trades = (change.numberOfTrades ?? old[8]) - old[8];
  return {
    apply(row) {
      const holdsOpen = row.open <= before.open && before.open < row.end;
      const holdsClose = row.open < before.end && before.end <= row.end;
      if (!holdsOpen && !holdsClose) return row.text;
      const fields = parseRow(row.text);
      if (holdsOpen) {
        for (const { field, units } of added) {
          (fields as unknown[])[field] = fromUnits(toUnits(String(fields[field])) + units);
        }
        fields[8] += trades;
        widen(fields, change.high, change.low, change.open);
        if (change.open !== undefined && row.open === before.open) fields[1] = change.open;
      }
      if (holdsClose && change.close !== undefined) {
        widen(fields, change.close);
        if (row.end === before.end) fields[4] = change.close;
      }
      return JSON.stringify(fields);
    },
  };
}

function widen(fields: KlineRow, ...prices: readonly (string | undefined)[]): void {
  for (const price of prices) {
    if (price === undefined) continue;
    if (toUnits(price) > toUnits(fields[2])) fields[2] = price;
    if (toUnits(price) < toUnits(fields[3])) fields[3] = price;
  }
}

function refuseNarrowing(old: KlineRow, { high, low, closeTime }: KlineChange): void {
  const isNarrower = high !== undefined && toUnits(high) < toUnits(old[2]) ||
    low !== undefined && toUnits(low) > toUnits(old[3]);
  if (isNarrower || closeTime !== undefined) {
    throw new RangeError(
      "Cannot revise all intervals: the range may only widen, and close times stay as they are",
    );
  }
}
