import { freshnessOf } from "../../core/freshness.ts";
import { archiveShare, remainingRows } from "../../core/remaining_history.ts";
import {
  countWhole,
  endOf,
  firstOpenFrom,
  type Interval,
  intervalMs,
} from "../../core/interval.ts";
import { bySeries, type Series, seriesName } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import { mapInTurns, nextTurn } from "../../event_loop.ts";
import type { SeriesExtent } from "../../ports/kline_reader.ts";
import type { GapCount } from "../../ports/status_reader.ts";
import type { SeriesState, SeriesStatus } from "./series_status.ts";

export interface SeriesFacts {
  readonly symbols: readonly string[];
  readonly intervals: readonly Interval[];
  readonly historySince: EpochMs;
  readonly hasArchive: boolean;
  readonly coverage: readonly SeriesExtent[];
  readonly gapCounts: readonly GapCount[];
  readonly serverTime: EpochMs;
}

/**
 * Configured series in configured order, then other stored ones; other requests are answered in
 * between.
 */
export async function toSeriesStatuses(facts: SeriesFacts): Promise<SeriesStatus[]> {
  const { symbols, intervals, coverage } = facts;
  const held = bySeries(coverage);
  await nextTurn();
  const index: SeriesIndex = { held, gaps: Map.groupBy(facts.gapCounts, seriesName) };
  const left = new Map(held);
  const wanted = symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));
  const statuses = await mapInTurns(wanted, (series) => {
    left.delete(seriesName(series));
    return toStatus(facts, index, series, true);
  });
  const others = left.values().filter((one) => one.rows + one.importedRows > 0).toArray()
    .sort((a, b) =>
      a.symbol.localeCompare(b.symbol) || intervalMs(a.interval) - intervalMs(b.interval)
    );
  return statuses.concat(
    await mapInTurns(others, (series) => toStatus(facts, index, series, false)),
  );
}

/** The facts by series name. */
interface SeriesIndex {
  readonly held: ReadonlyMap<string, SeriesExtent>;
  readonly gaps: ReadonlyMap<string, readonly GapCount[]>;
}

function toStatus(
  facts: SeriesFacts,
  index: SeriesIndex,
  series: Series,
  isWanted: boolean,
): SeriesStatus {
  const { symbol, interval } = series;
  const name = seriesName(series);
  const held = index.held.get(name);
  const gaps = index.gaps.get(name) ?? [];
  const { firstOpenTime, lastOpenTime, listedAt, rows = 0, importedRows = 0 } = held ?? {};
  const state = stateOf(held, facts.serverTime, isWanted);
  const newestClosed = lastOpenTime === undefined ? undefined : endOf(lastOpenTime, interval);
  const since = sinceOf(held, facts.historySince);
  const isOver = state === "idle" || state === "left";
  const end = isOver ? newestClosed ?? facts.serverTime : facts.serverTime;
  const expected = since === undefined
    ? undefined
    : countWhole({ from: firstOpenFrom(since, interval, firstOpenTime), to: end }, interval);
  const pending = gaps.find((gap) => gap.class === "pending")?.missing ?? 0;
  const history = { interval, rows, firstOpenTime, listedAt, pending };
  const { historySince, serverTime } = facts;
  return {
    symbol,
    interval,
    state,
    quote: held?.quoteAsset,
    symbolStatus: held?.status,
    firstOpenTime,
    newestClosed,
    rows,
    importedRows,
    since,
    expected,
    coverage: expected === undefined || expected === 0 ? undefined : Math.min(1, rows / expected),
    remaining: isWanted ? remainingRows(history, historySince, serverTime) : 0,
    archived: isWanted && facts.hasArchive
      ? archiveShare(history, historySince, serverTime)
      : undefined,
    gaps: gaps.map(({ class: reason, ranges, missing }) => ({ class: reason, ranges, missing })),
  };
}

function stateOf(
  held: SeriesExtent | undefined,
  serverTime: EpochMs,
  isWanted: boolean,
): SeriesState {
  if (!isWanted) return "left";
  if (held?.lastOpenTime === undefined) return "collecting";
  const freshness = freshnessOf(held.lastOpenTime, held.interval, serverTime);
  return held.status !== "TRADING" && freshness !== "fresh" ? "idle" : freshness;
}

function sinceOf(held: SeriesExtent | undefined, historySince: EpochMs): EpochMs | undefined {
  if (held?.listedAt !== undefined) return Math.max(held.listedAt, historySince);
  // Not requested yet, because it is before the stored range, unless less history is wanted.
  const first = held?.firstOpenTime;
  return first !== undefined && first <= historySince ? historySince : undefined;
}
