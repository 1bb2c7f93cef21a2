import { AppError } from "../core/errors.ts";
import { endOf, type Interval, INTERVALS } from "../core/interval.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { DAY_MS, type EpochMs, FIRST_LISTING, toIso } from "../core/time.ts";

// Requirements on every candle from REST, stream, archive or file.

/** Larger than any price or volume in the smallest currency. */
const MAX_PRICE = 1e15;
const MAX_VOLUME = 1e25;

/** The reason why this cannot be a candle of the exchange; `undefined` for a valid one. */
export function findFlaw(kline: Kline, interval: Interval): string | undefined {
  if (kline.openTime < FIRST_LISTING) return "opens before Binance existed";
  return findFigureFlaw(kline) ?? findCloseFlaw(kline, interval);
}

/** Floats are used for comparison only. */
function findFigureFlaw(kline: Kline): string | undefined {
  const open = Number(kline.openPrice);
  const high = Number(kline.highPrice);
  const low = Number(kline.lowPrice);
  const close = Number(kline.closePrice);
  const volume = Number(kline.volume);
  const quoteVolume = Number(kline.quoteAssetVolume);
  const bought = Number(kline.takerBuyBaseAssetVolume);
  const quoteBought = Number(kline.takerBuyQuoteAssetVolume);
  const isOrdered = low >= 0 && low <= Math.min(open, close) && high >= Math.max(open, close);
  if (!isOrdered || Math.min(volume, quoteVolume, bought, quoteBought) < 0) {
    return "has a high below its low, a price outside that range, or a negative number";
  }
  const largest = Math.max(volume, quoteVolume, bought, quoteBought);
  const isSane = high <= MAX_PRICE && largest <= MAX_VOLUME;
  return isSane ? undefined : "has an implausibly large price or volume";
}

/**
 * After outages candles close early or late. A candle without trades has been seen that closes
 * before it opens.
 */
function findCloseFlaw({ openTime, closeTime, volume }: Kline, interval: Interval) {
  const end = endOf(openTime, interval);
  const isStub = Number(volume) === 0;
  const earliest = isStub ? openTime - DAY_MS : openTime;
  if (closeTime >= earliest && closeTime <= end + DAY_MS) return undefined;
  return `closes at ${toIso(closeTime)}`;
}

/**
 * The candles of another interval, if they are the majority. After an outage candles may be
 * shorter, sometimes all of a small batch. Evidence of another interval is only: longer than the
 * interval, as long as another interval, or overlapping the next candle.
 */
export function findOtherInterval(klines: readonly Kline[], interval: Interval): readonly Kline[] {
  const others = INTERVALS.filter((other) => other !== interval);
  const misfits = klines.filter(({ openTime, closeTime }, i) => {
    const end = endOf(openTime, interval);
    if (closeTime + 1 === end) return false;
    const next = klines[i + 1]?.openTime ?? Infinity;
    const isOverlap = next > openTime && next < end;
    const isOther = others.some((other) => endOf(openTime, other) - 1 === closeTime);
    return closeTime >= end || closeTime + 1 < end && (isOther || isOverlap);
  });
  return misfits.length * 2 > klines.length ? misfits : [];
}

/** With fewer candles, all may be irregular because of one outage. */
const MIN_MEASURED = 5;

/**
 * Checks a batch of candles as received.
 *
 * @throws `bad_payload` naming the candle
 */
export function requireSound(klines: readonly Kline[], series: Series): void {
  const refuse = (kline: Kline, reason: string) =>
    new AppError(
      "bad_payload",
      `Cannot read klines of ${seriesName(series)}: the candle of ${
        toIso(kline.openTime)
      } ${reason}`,
    );
  const byOpenTime = new Map<EpochMs, Kline>();
  for (const kline of klines) {
    const flaw = findFlaw(kline, series.interval);
    if (flaw !== undefined) throw refuse(kline, flaw);
    const other = byOpenTime.get(kline.openTime);
    if (other !== undefined && !isSame(kline, other)) {
      throw refuse(kline, "appears twice with different values");
    }
    byOpenTime.set(kline.openTime, kline);
  }
  const [misfit] = klines.length < MIN_MEASURED ? [] : findOtherInterval(klines, series.interval);
  if (misfit !== undefined) {
    throw refuse(misfit, `so it is not a ${series.interval} candle, like others in the response`);
  }
}

function isSame(a: Kline, b: Kline): boolean {
  return (Object.keys(a) as (keyof Kline)[]).every((key) => a[key] === b[key]);
}
