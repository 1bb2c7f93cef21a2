import { AppError } from "../core/errors.ts";
import { endOf, type Interval } from "../core/interval.ts";
import type { Kline } from "../core/kline.ts";
import { type EpochMs, type TimeRange, toIso } from "../core/time.ts";
import { toAscending } from "./kline_row.ts";

/** What the candles of a file must be like. */
export interface Expected {
  readonly name: string;
  readonly interval: Interval;
  /** Where they open, when the file's name says so. */
  readonly range?: TimeRange | undefined;
}

/** Before the exchange opened, in July 2017. */
const FIRST_TIME: EpochMs = Date.UTC(2017, 0);

/**
 * Passes candles on, each batch ascending, that can be what their file claims to be: of the
 * interval, within the period, low ≤ open, close ≤ high, nothing negative.
 *
 * @throws `bad_payload` at the first that cannot
 */
export async function* checkKlines(
  batches: AsyncIterable<Kline[]>,
  expected: Expected,
): AsyncGenerator<Kline[]> {
  let isFirst = true;
  for await (const batch of batches) {
    for (const kline of batch) requirePlausible(kline, expected);
    if (isFirst) requireInterval(batch, expected);
    isFirst = false;
    yield [...toAscending(batch)];
  }
}

function requirePlausible(kline: Kline, { name, range }: Expected): void {
  const { from, to } = range ?? { from: FIRST_TIME, to: Infinity };
  const { openTime } = kline;
  const wrong = openTime < from || openTime >= to
    ? range === undefined ? "opens before Binance did" : "opens outside of the file's period"
    : isShaped(kline)
    ? undefined
    : "has a high below its low, a negative number, or more bought than traded";
  if (wrong === undefined) return;
  throw new AppError(
    "bad_payload",
    `Cannot trust ${name}: the candle of ${toIso(openTime)} ${wrong}`,
  );
}

/** Floats keep the order of decimals, and are only compared here. */
function isShaped(kline: Kline): boolean {
  const [open, high, low, close] = [
    Number(kline.openPrice),
    Number(kline.highPrice),
    Number(kline.lowPrice),
    Number(kline.closePrice),
  ];
  const taken = Number(kline.takerBuyBaseAssetVolume);
  return low >= 0 && low <= Math.min(open, close) && high >= Math.max(open, close) &&
    taken >= 0 && taken <= Number(kline.volume) && Number(kline.quoteAssetVolume) >= 0 &&
    Number(kline.takerBuyQuoteAssetVolume) >= 0;
}

/** After outages candles are cut short, but not most of them. */
function requireInterval(batch: readonly Kline[], { name, interval }: Expected): void {
  const fitting =
    batch.filter(({ openTime, closeTime }) => endOf(openTime, interval) - 1 === closeTime).length;
  if (fitting * 2 >= batch.length) return;
  const { openTime, closeTime } = batch[0]!;
  throw new AppError(
    "bad_payload",
    `Cannot trust ${name}: its candles are not of ${interval}, the first one lasts ` +
      `${(closeTime + 1 - openTime) / 60_000} min`,
  );
}
