import { z } from "zod";
import { formatNameCursor, parseNameCursor } from "../../core/cursor.ts";
import { FRESHNESSES, freshnessOf } from "../../core/freshness.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { SeriesExtent } from "../../ports/kline_reader.ts";
import { integerParam, intervalParam, listParam, symbolParam } from "./query.ts";
import { quoteParam } from "./universe_query.ts";

const cursorParam = z.string().transform((text, ctx) => {
  try {
    return parseNameCursor(text);
  } catch {
    ctx.addIssue({ code: "custom", message: "must be `next` of the page before" });
    return z.NEVER;
  }
});

/** The parameters of `/api/series`. */
export const seriesQuerySchema = z.object({
  symbol: listParam(symbolParam).exactOptional().meta({
    description: "Only these symbols, separated by commas",
    examples: ["BTCUSDT,ETHUSDT"],
  }),
  interval: listParam(intervalParam).exactOptional().meta({
    description: "Only these intervals, separated by commas",
    examples: ["1h,4h"],
  }),
  quote: quoteParam.exactOptional(),
  freshness: listParam(z.enum(FRESHNESSES, `must be one of ${FRESHNESSES.join(", ")}`))
    .exactOptional().meta({
      description: "Only series in these states, separated by commas",
      examples: ["late,stale"],
    }),
  limit: integerParam(1, 10_000).exactOptional().meta({
    description: "Number of series, 1 to 10000. The default is all",
    examples: ["1000"],
  }),
  after: cursorParam.exactOptional().meta({
    description: "Only series after a page: its `next`",
    examples: [],
  }),
});

export type SeriesQuery = z.output<typeof seriesQuerySchema>;

export interface SeriesSelection<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; `undefined` on the last one. */
  readonly next: string | undefined;
}

/** The series of a query, by symbol and interval. */
export function selectSeries<Item extends SeriesExtent>(
  all: readonly Item[],
  query: SeriesQuery,
  serverTime: EpochMs,
): SeriesSelection<Item> {
  const { symbol, interval, quote, freshness, limit = Infinity, after } = query;
  const matching = all.filter((one) =>
    (symbol?.includes(one.symbol) ?? true) && (interval?.includes(one.interval) ?? true) &&
    (quote === undefined || one.quoteAsset === quote) &&
    (freshness?.includes(freshnessOf(one.lastOpenTime, one.interval, serverTime)) ?? true) &&
    (after === undefined || seriesName(one) > after)
  ).sort(byName);
  const items = matching.slice(0, limit);
  const last = items.at(-1);
  const hasMore = matching.length > items.length && last !== undefined;
  return { items, next: hasMore ? formatNameCursor(seriesName(last)) : undefined };
}

function byName(a: Series, b: Series): number {
  const [one, other] = [seriesName(a), seriesName(b)];
  return one < other ? -1 : Number(one > other);
}
