import { countWhole, openTimeOf } from "../../../core/interval.ts";
import { DAY_MS, type EpochMs } from "../../../core/time.ts";
import type { HeldInterval } from "../../../chart/model/fitting_interval.ts";
import { shownInterval } from "../chart_candles.ts";
import type { ChartAddress } from "../../../core/chart_address.ts";

/** One choice of range. */
export interface RangeLink {
  readonly name: string;
  readonly title: string;
  readonly address: ChartAddress;
  readonly isCurrent: boolean;
}

const RANGES = [
  ["24h", "24 hours", DAY_MS],
  ["7d", "7 days", 7 * DAY_MS],
  ["30d", "30 days", 30 * DAY_MS],
  ["90d", "90 days", 90 * DAY_MS],
  ["1y", "1 year", 365 * DAY_MS],
] as const;

export interface RangeContext {
  readonly address: ChartAddress;
  readonly held: readonly HeldInterval[];
  readonly firstOpenTime: EpochMs;
  readonly serverTime: EpochMs;
}

/**
 * Ranges that end now, at the requested interval; ranges of less than two candles are omitted. Each
 * shows the longer interval to be used if it has too many candles for a chart.
 */
export function toRangeLinks(context: RangeContext): RangeLink[] {
  const { address, firstOpenTime, serverTime } = context;
  const links = RANGES.flatMap(([name, words, lengthMs]) => {
    const start = serverTime - lengthMs;
    if (countWhole({ from: start, to: serverTime }, address.interval) < 2) return [];
    return [toLink(context, name, words, start)];
  });
  return [...links, toLink(context, "All", "everything", Math.min(firstOpenTime, serverTime))];
}

function toLink(context: RangeContext, name: string, words: string, start: EpochMs): RangeLink {
  const { address: { page: _, ...address }, serverTime } = context;
  const { interval } = address;
  const from = openTimeOf(start, interval, context.firstOpenTime);
  const shown = shownInterval({ ...address, from, to: undefined }, context.held, serverTime);
  return {
    name,
    title: shown === interval ? words : `${words}, ${shown} candles`,
    address: { ...address, from, to: undefined },
    isCurrent: address.to === undefined && address.from !== undefined &&
      isNear(address.from, from, serverTime),
  };
}

/** A link that was made a while ago still means the same range. */
function isNear(given: EpochMs, from: EpochMs, serverTime: EpochMs): boolean {
  return Math.abs(given - from) <= (serverTime - from) * 0.02;
}
