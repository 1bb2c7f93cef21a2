import type { SeriesMark } from "../../../core/cursor.ts";
import { endOf, firstOpenFrom, openTimeOf } from "../../../core/interval.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type { Interval } from "../../../core/interval.ts";
import type { Queryable } from "../connection/database.ts";
import type { RollupGrid } from "./rollup_sql.ts";
import type { SeriesKey } from "../series_postgres.ts";

/** A series, and the shorter interval whose candles must add up to its candles. */
export interface PairKey extends SeriesKey {
  readonly base: Interval;
}

/** A stored series of a pair. */
export interface Part extends SeriesMark {
  readonly revised: number;
  readonly first: EpochMs | null;
  readonly last: EpochMs | null;
  readonly listed: EpochMs | null;
}

/** The gaps of a series. */
interface Gaps {
  readonly pending: readonly TimeRange[];
  /** Gaps that the exchange has too. */
  readonly confirmed: readonly TimeRange[];
  /** Since when the symbol is not traded any more. */
  readonly delistedAt: EpochMs | undefined;
}

/** The two series of a pair, and the gaps of the base. */
export interface Sight extends Gaps {
  readonly long: Part;
  readonly short: Part;
}

/** `undefined` while one of the two series has no candles. */
export async function readSight(
  tx: Queryable,
  { symbolId, interval, base }: PairKey,
): Promise<Sight | undefined> {
  const long = await readPart(tx, symbolId, interval);
  const short = await readPart(tx, symbolId, base);
  if (long?.last == null || short?.last == null) return undefined;
  return { long, short, ...await readGaps(tx, symbolId, base) };
}

/** `undefined` for a series that was never opened. */
export async function readPart(
  tx: Queryable,
  symbolId: number,
  interval: Interval,
): Promise<Part | undefined> {
  const [part] = await tx.query<Part>(
    `select lineage, version, revised_version as revised, first_open_time as first,
       last_open_time as last, listed_at as listed
     from series where symbol_id = $1 and interval = $2`,
    [symbolId, interval],
  );
  return part;
}

export async function readGaps(
  tx: Queryable,
  symbolId: number,
  interval: Interval,
): Promise<Gaps> {
  const gaps = await tx.query<TimeRange & { class: string; is_after: boolean }>(
    `select from_time as from, to_time as to, class,
       from_time > (select last_open_time from series
         where symbol_id = $1 and interval = $2) as is_after
     from gaps where symbol_id = $1 and interval = $2 order by from_time`,
    [symbolId, interval],
  );
  return {
    pending: gaps.filter((gap) => gap.class === "pending"),
    confirmed: gaps.filter((gap) => gap.class !== "pending"),
    delistedAt: gaps.find((gap) => gap.class === "delisted" && gap.is_after)?.from,
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
