import { AppError } from "../core/errors.ts";
import { endOf, intervalMs, isOnGrid, shiftOpen } from "../core/interval.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { DAY_MS, type EpochMs, toIso } from "../core/time.ts";
import type { Logger } from "../ports/host.ts";
import type { KlineSource } from "../ports/kline_source.ts";
import type { KlineStore } from "../ports/kline_store.ts";
import { isForeign, isJump } from "./foreign_prices.ts";

interface ContinuityDeps {
  readonly store: KlineStore;
  readonly source: KlineSource;
  readonly log: Logger;
}

/** Intervals around the new candles in which stored candles are compared. */
const REACH = 3;
/** Candles on either side of a suspicious one that are requested again. */
const ASKED_AGAIN = 20;
/** The only days on which Binance's candles are known to open off the grid, after an outage. */
const OFF_GRID_DAYS = { from: Date.UTC(2018, 1, 8), to: Date.UTC(2018, 1, 12) };

/**
 * Checks that candles served by the exchange, ascending, can follow the stored ones. Candles off
 * the grid are valid only after an outage. When the price jumps between two candles, or stored
 * candles are returned with other prices, they are requested again: a jump that is repeated next to
 * candles that agree with the stored ones is real.
 * @throws `bad_payload` for candles that look like another symbol's, or are shifted in time
 */
export async function requireContinuity(
  deps: ContinuityDeps,
  series: Series,
  klines: readonly Kline[],
  signal: AbortSignal,
): Promise<void> {
  if (klines.length === 0) return;
  const stored = await readAround(deps, series, klines);
  await requireGrid(deps, series, klines, stored);
  const doubt = findDoubt(series, klines, stored);
  if (doubt !== undefined) await settle(deps, series, doubt, klines, signal);
}

async function readAround(
  { store }: ContinuityDeps,
  series: Series,
  klines: readonly Kline[],
): Promise<readonly Kline[]> {
  const reach = REACH * intervalMs(series.interval);
  const [first, last] = [klines[0]!.openTime, klines.at(-1)!.openTime];
  const before = await store.read(series, { from: first - reach, to: first + reach });
  const from = Math.max(first + reach, last - reach);
  return [...before, ...await store.read(series, { from, to: last + reach + 1 })];
}

/** True if a candle opens at an unexpected time. */
export function isOffGrid(
  { openTime }: Pick<Kline, "openTime">,
  { interval }: Series,
): boolean {
  // The grid of 3d is not documented; it opens at midnight.
  return interval === "3d" ? openTime % DAY_MS !== 0 : !isOnGrid(openTime, interval);
}

/** @throws `bad_payload` for off-grid candles without an outage before them */
async function requireGrid(
  { store }: ContinuityDeps,
  series: Series,
  klines: readonly Kline[],
  stored: readonly Kline[],
): Promise<void> {
  const { interval } = series;
  const odd = klines.filter((kline) => isOffGrid(kline, series));
  const isKnown = ({ openTime }: Kline) =>
    openTime >= OFF_GRID_DAYS.from && openTime < OFF_GRID_DAYS.to ||
    stored.some((other) => other.openTime === openTime);
  const unknown = odd.filter((kline) => !isKnown(kline));
  if (unknown.length === 0) return;
  const { firstOpenTime = Infinity } = await store.getState(series);
  const isExplained = (kline: Kline) => {
    const before = [...stored, ...klines].filter((other) => other.openTime < kline.openTime)
      .sort((a, b) => a.openTime - b.openTime).at(-1);
    if (before === undefined) return firstOpenTime < kline.openTime;
    const end = endOf(before.openTime, interval);
    return end + intervalMs(interval) <= kline.openTime ||
      end === kline.openTime && isOffGrid(before, series);
  };
  const bad = unknown.find((kline) => !isExplained(kline));
  if (bad === undefined) return;
  throw new AppError(
    "bad_payload",
    `Cannot trust klines of ${
      seriesName(series)
    }: ${odd.length} of ${klines.length} open off the ` +
      `grid, such as ${toIso(bad.openTime)}, without an outage before them`,
  );
}

/** The place of a discontinuity, and its description. */
export interface Doubt {
  readonly openTime: EpochMs;
  readonly reason: string;
}

/** The first discontinuity between served candles, or to stored ones around them. */
export function findDoubt(
  { interval }: Series,
  klines: readonly Kline[],
  stored: readonly Kline[],
): Doubt | undefined {
  const served = new Map(klines.map((kline) => [kline.openTime, kline]));
  const known = stored.filter(({ openTime }) => served.has(openTime));
  const foreign = known.filter((kline) => isForeign(kline, served.get(kline.openTime)!));
  if (foreign.length * 2 > known.length) {
    return {
      openTime: foreign[0]!.openTime,
      reason: "stored candles are returned with other prices",
    };
  }
  const row = [...stored.filter(({ openTime }) => !served.has(openTime)), ...klines]
    .sort((a, b) => a.openTime - b.openTime);
  for (const [i, kline] of row.entries()) {
    const before = row[i - 1];
    if (before === undefined || endOf(before.openTime, interval) < kline.openTime) continue;
    if (!isJump(Number(before.closePrice), Number(kline.openPrice))) continue;
    const reason = `the price jumps from ${before.closePrice} to ${kline.openPrice}`;
    return { openTime: kline.openTime, reason };
  }
  return undefined;
}

/**
 * @throws `bad_payload` unless a second request returns the same, in agreement with stored candles
 */
async function settle(
  { store, source, log }: ContinuityDeps,
  series: Series,
  { openTime, reason }: Doubt,
  klines: readonly Kline[],
  signal: AbortSignal,
): Promise<void> {
  const from = shiftOpen(openTime, series.interval, -ASKED_AGAIN);
  const to = shiftOpen(openTime, series.interval, ASKED_AGAIN);
  const again = await source.page(series, { from, to, limit: 3 * ASKED_AGAIN }, signal);
  const served = new Map(again.klines.map((kline) => [kline.openTime, kline]));
  const differing = (others: readonly Kline[]) => {
    const compared = others.filter((kline) => served.has(kline.openTime));
    const foreign = compared.filter((kline) => isForeign(kline, served.get(kline.openTime)!));
    return { count: foreign.length, all: compared.length };
  };
  const stored = differing(await store.read(series, { from, to }));
  const answer = differing(klines);
  const what = `${seriesName(series)} at ${toIso(openTime)}: ${reason}`;
  const isOther = stored.count * 2 > stored.all || answer.count > 0;
  if (!isOther) return log.warn(`${what}; a second request returned the same`);
  const proof = answer.count > 0
    ? "a second request returned other prices"
    : `of ${stored.all} stored candles ${stored.count} differ from the prices served now`;
  throw new AppError(
    "bad_payload",
    `Cannot trust klines of ${what}; ${proof}, possibly those of another symbol`,
  );
}
