import { countWhole, endOf, firstOpenFrom, openTimeOf } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { GapLedger } from "../ports/gap_ledger.ts";
import type { MarketSymbol } from "../ports/kline_source.ts";
import type { CollectorDeps } from "./collect.ts";
import type { Markets } from "./run.ts";

/**
 * Records why there are no candles before the first stored one, when history is wanted from `since`
 * on (the symbol was not listed yet), and none after the last one, when the exchange no longer
 * trades the symbol. During a maintenance the records of ends stay unchanged, because it is unknown
 * which symbols will resume.
 */
export async function recordEdges(
  deps: CollectorDeps & { readonly gaps: GapLedger; readonly now: () => EpochMs },
  series: Series,
  { status, isMaintenance }: Pick<MarketSymbol, "status"> & Pick<Markets, "isMaintenance">,
  since: EpochMs,
  signal: AbortSignal,
): Promise<void> {
  const { store, source, gaps, now } = deps;
  const { firstOpenTime, lastOpenTime, listedAt } = await store.getState(series);
  if (firstOpenTime === undefined || lastOpenTime === undefined) return;

  const from = firstOpenFrom(since, series.interval, firstOpenTime);
  const isComplete = listedAt === firstOpenTime && since > 0 && from < listedAt;
  await gaps.setEdge(series, "not_listed", isComplete ? { from, to: listedAt } : undefined);

  if (isMaintenance && status !== "TRADING") return;
  const serverTime = await source.serverTime(signal);
  const silence = {
    from: Math.max(endOf(lastOpenTime, series.interval), from),
    to: openTimeOf(serverTime, series.interval, lastOpenTime),
  };
  const isStopped = status !== "TRADING" && countWhole(silence, series.interval) > 0;
  const evidence = {
    askedAt: now(),
    host: source.usage().host,
    asked: 1,
    ...isStopped ? await gaps.countOthers(series, silence) : { others: 0, othersMissing: 0 },
  };
  await gaps.setEdge(series, "delisted", isStopped ? silence : undefined, evidence);
}
