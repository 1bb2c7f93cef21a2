import { endOf } from "../../core/interval.ts";
import { isClosed, type Kline } from "../../core/kline.ts";
import { DAY_MS, type EpochMs, HOUR_MS, type TimeRange } from "../../core/time.ts";
import type { KlineSource, PageQuery } from "../../ports/kline_source.ts";
import type { SymbolLife } from "../../core/universe/symbol_record.ts";
import type { DueSymbol } from "../../ports/universe.ts";

/** Trading of a symbol can pause for minutes; only a longer pause counts as a delisting. */
const PAUSE_MS = HOUR_MS;

/**
 * Looks up the times during which the exchange traded a symbol: the days from daily candles, and
 * the minutes at both ends from candles of 1m. Of known lives only the last is looked up again.
 *
 * @throws `not_found` for a symbol that the exchange does not have
 */
export async function findLives(
  source: Pick<KlineSource, "page" | "serverTime">,
  { symbol, status, lives }: DueSymbol,
  signal: AbortSignal,
): Promise<SymbolLife[]> {
  const read = async (interval: "1d" | "1m", query: PageQuery) =>
    (await source.page({ symbol, interval }, query, signal)).klines;
  const now = await source.serverTime(signal);
  const since = Math.floor((lives.at(-1)?.listedAt ?? 0) / DAY_MS) * DAY_MS;
  const stretches = toStretches(await listDays((from) => read("1d", { from }), since, now));
  const found: SymbolLife[] = [];
  for (const days of stretches) {
    const { from, to } = rangeOf(days);
    const [first] = await read("1m", { from, limit: 1 });
    const isLast = days === stretches.at(-1);
    const isOpen = isLast && status === "TRADING";
    const [last] = isOpen ? [] : await read("1m", { to, limit: 1 });
    const end = last === undefined ? to : endOf(last.openTime, "1m");
    const isPaused = isLast && end > now - PAUSE_MS;
    found.push({
      listedAt: first === undefined || first.openTime >= to ? from : first.openTime,
      delistedAt: isOpen || isPaused ? undefined : end,
      source: "exchange",
      ...pricesOf(days, now),
    });
  }
  return found;
}

/** Daily candles from `since` on, the open one included. */
async function listDays(
  read: (from: EpochMs) => Promise<readonly Kline[]>,
  since: EpochMs,
  now: EpochMs,
): Promise<Kline[]> {
  const days: Kline[] = [];
  for (let from = since;;) {
    const page = await read(from);
    days.push(...page);
    const last = page.at(-1);
    // A short page is not the end of history, but the open candle is.
    if (last === undefined || !isClosed(last, "1d", now)) return days;
    from = last.openTime + 1;
  }
}

/** Consecutive days, ascending. */
export function toStretches(days: readonly Kline[]): Kline[][] {
  const stretches: Kline[][] = [];
  for (const day of days) {
    const own = stretches.at(-1);
    if (own !== undefined && day.openTime <= own.at(-1)!.openTime + DAY_MS) own.push(day);
    else stretches.push([day]);
  }
  return stretches;
}

/** The days of a stretch. */
export function rangeOf(days: readonly Kline[]): TimeRange {
  return { from: days[0]!.openTime, to: endOf(days.at(-1)!.openTime, "1d") };
}

/** By these a renamed asset is recognised. */
export function pricesOf(
  days: readonly Kline[],
  now: EpochMs,
): Pick<SymbolLife, "firstPrice" | "lastPrice"> {
  const last = days.findLast((day) => isClosed(day, "1d", now)) ?? days.at(-1)!;
  return { firstPrice: days[0]!.openPrice, lastPrice: last.closePrice };
}
