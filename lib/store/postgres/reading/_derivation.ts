import type { SeriesMark } from "../../../core/cursor.ts";
import { AppError } from "../../../core/errors.ts";
import {
  endOf,
  firstOpenFrom,
  type Interval,
  openTimeOf,
  shiftOpen,
} from "../../../core/interval.ts";
import { type Series, seriesName } from "../../../core/kline.ts";
import { longestBase } from "../../../core/rollup.ts";
import type { EpochMs, TimeRange } from "../../../core/time.ts";
import { comparable, readGaps, readPart } from "../rollups/rollup_sight.ts";
import type { Queryable } from "../connection/database.ts";
import { readIntervals } from "../rollups/rollup_check.ts";
import { stepEnd } from "../rollups/rollup_steps.ts";

/** Candles of a series that is not stored, made of a shorter one that is. */
export interface Derivation extends SeriesMark {
  readonly base: Interval;
  /** Stretches of candles that have all parts that the exchange has, within the wanted range. */
  readonly ranges: readonly TimeRange[];
  /** Stretches of candles that are left out, because parts of them are pending. */
  readonly omitted: readonly TimeRange[];
  /** Gaps of the base that touch the range. */
  readonly gaps: number;
  /** The newest candle's, whatever the range. */
  readonly lastOpenTime: EpochMs | undefined;
}

/**
 * Finds the longest stored interval that divides that of the series; `undefined` if the series
 * itself is stored.
 *
 * @throws `not_found` when no stored interval divides it
 */
export async function findDerivation(
  tx: Queryable,
  series: Series & { readonly symbolId: number },
  range: Partial<TimeRange>,
): Promise<Derivation | undefined> {
  const { symbolId, interval } = series;
  const stored = await readIntervals(tx, symbolId);
  if (stored.includes(interval)) return undefined;
  const base = longestBase(interval, stored);
  if (base === undefined) throw notDerivable(series, stored);
  const short = await readPart(tx, symbolId, base);
  const gaps = await readGaps(tx, symbolId, base);
  const first = openTimeOf(short!.first!, interval);
  const last = openTimeOf(short!.last!, interval);
  // A delisted symbol's last candle lacks parts, but is not closed before its time.
  const isOpen = gaps.delistedAt !== undefined && endOf(last, interval) > await readClock(tx);
  const long = { ...short!, first, last: isOpen ? shiftOpen(last, interval, -1) : last };
  const stretches = comparable({ interval, base }, { long, short: short!, ...gaps });
  const wanted = {
    from: range.from === undefined ? -Infinity : firstOpenFrom(range.from, interval),
    to: range.to === undefined ? Infinity : firstOpenFrom(range.to, interval),
  };
  const within = (one: TimeRange) => cut(one, wanted);
  const between = stretches.slice(1).map(({ from }, i) => ({ from: stretches[i]!.to, to: from }));
  const touching = ({ from, to }: TimeRange) => to > wanted.from && from < wanted.to;
  return {
    base,
    lineage: short!.lineage,
    version: short!.version,
    ranges: stretches.flatMap(within),
    omitted: between.flatMap(within),
    gaps: [...gaps.pending, ...gaps.confirmed].filter(touching).length,
    lastOpenTime: stretches.length === 0
      ? undefined
      : openTimeOf(stretches.at(-1)!.to - 1, interval),
  };
}

async function readClock(tx: Queryable): Promise<EpochMs> {
  const [row] = await tx.query<{ now: EpochMs }>("select now() as now");
  return row!.now;
}

function cut(one: TimeRange, other: TimeRange): TimeRange[] {
  const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
  return from < to ? [{ from, to }] : [];
}

function notDerivable(series: Series, stored: readonly Interval[]): AppError {
  const name = seriesName(series);
  const reason = stored.length === 0
    ? `no candles of ${series.symbol} are stored`
    : `it is not collected, and no shorter interval that divides it is: ${stored.join(", ")} ` +
      (stored.length === 1 ? "is" : "are");
  return new AppError("not_found", `Cannot derive ${name}: ${reason}`, {
    param: stored.length === 0 ? "symbol" : "interval",
  });
}

/** Parts of the ranges that one statement adds up. */
export function stepsOf(
  ranges: readonly TimeRange[],
  grid: { readonly interval: Interval; readonly base: Interval },
): TimeRange[] {
  const steps: TimeRange[] = [];
  for (const { from, to } of ranges) {
    for (let at = from; at < to; at = stepEnd(at, to, grid)) {
      steps.push({ from: at, to: stepEnd(at, to, grid) });
    }
  }
  return steps;
}
