import { endOf, firstOpenFrom, openTimeOf } from "../../core/interval.ts";
import { type EpochMs, type TimeRange, toIso } from "../../core/time.ts";
import type { Interval } from "../../core/interval.ts";
import type { Queryable } from "./connection/database.ts";
import type { RollupGrid } from "./_rollup_sql.ts";
import type { SeriesKey } from "./series_postgres.ts";

/** A series, and the shorter interval whose candles must add up to its candles. */
export interface PairKey extends SeriesKey {
  readonly base: Interval;
}

/** A stored series of a pair. */
interface Part {
  readonly version: number;
  readonly revised: number;
  readonly first: EpochMs | null;
  readonly last: EpochMs | null;
  readonly listed: EpochMs | null;
}

/** The two series of a pair, the base's gaps, and the time since when it is delisted. */
export interface Sight {
  readonly long: Part;
  readonly short: Part;
  readonly pending: readonly TimeRange[];
  /** Gaps that the exchange has too. */
  readonly confirmed: readonly TimeRange[];
  readonly delistedAt: EpochMs | undefined;
}

/** `undefined` while one of the two series has no candles. */
export async function readSight(
  tx: Queryable,
  { symbolId, interval, base }: PairKey,
): Promise<Sight | undefined> {
  const rows = await tx.query<Part & { interval: Interval }>(
    `select interval, version, revised_version as revised, first_open_time as first,
       last_open_time as last, listed_at as listed
     from series where symbol_id = $1 and interval in ($2, $3)`,
    [symbolId, interval, base],
  );
  const [long, short] = [interval, base].map((one) => rows.find((row) => row.interval === one));
  if (long === undefined || short === undefined) return undefined;
  if (long.last === null || short.last === null) return undefined;
  const gaps = await tx.query<{ from: EpochMs; to: EpochMs; class: string }>(
    `select from_time as from, to_time as to, class from gaps
     where symbol_id = $1 and interval = $2
     order by from_time`,
    [symbolId, base],
  );
  const end = endOf(short.last, base);
  return {
    long,
    short,
    pending: gaps.filter((gap) => gap.class === "pending"),
    confirmed: gaps.filter((gap) => gap.class !== "pending"),
    delistedAt: gaps.find((gap) => gap.class === "delisted" && gap.from >= end)?.from,
  };
}

/** The grid on which the parts of a pair's candles are found. */
export function gridOf({ interval, base }: PairKey, { long }: Sight): RollupGrid {
  return { interval, base, anchor: long.first === null ? undefined : toIso(long.first) };
}

/**
 * The stretches of closed candles that have all parts that the exchange has, ascending: not before
 * the base begins, unless it begins with its listing; not after its newest candle, unless it is
 * delisted; not where a gap is pending.
 */
export function comparable(
  { interval, base }: Pick<PairKey, "interval" | "base">,
  { long, short, pending, delistedAt }: Sight,
): TimeRange[] {
  const anchor = long.first!;
  const floor = (time: EpochMs) => openTimeOf(time, interval, anchor);
  const ceiling = (time: EpochMs) => firstOpenFrom(time, interval, anchor);
  const isFromListing = short.listed !== null && short.first! <= short.listed;
  let from = isFromListing ? floor(anchor) : Math.max(floor(anchor), ceiling(short.first!));
  const end = endOf(floor(long.last!), interval);
  const to = delistedAt === undefined ? Math.min(end, floor(endOf(short.last!, base))) : end;
  const stretches: TimeRange[] = [];
  for (const gap of pending) {
    stretches.push({ from, to: Math.min(to, floor(gap.from)) });
    from = Math.max(from, ceiling(gap.to));
  }
  return [...stretches, { from, to }].filter((one) => one.from < one.to);
}
