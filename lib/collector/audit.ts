import type { Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import { type CollectorDeps, storePages } from "./collect.ts";

/**
 * Fetches older candles of a series again, `pages` batches from where the last audit stopped,
 * oldest first and in rotation. Revised candles are corrected, added ones stored.
 */
export async function auditSeries(
  deps: CollectorDeps,
  series: Series,
  pages: number,
  signal: AbortSignal,
): Promise<void> {
  const { firstOpenTime, lastOpenTime, auditedTo } = await deps.store.getState(series);
  if (firstOpenTime === undefined || lastOpenTime === undefined) return;
  let from: EpochMs | undefined = Math.max(auditedTo ?? firstOpenTime, deps.historySince);
  if (from > lastOpenTime) return;
  for (let page = 0; page < pages && from !== undefined; page++) {
    const answer = await deps.source.page(series, { from, to: lastOpenTime + 1 }, signal);
    await storePages(deps, series, [answer], signal);
    const last = answer.klines.at(-1)?.openTime ?? lastOpenTime;
    from = last >= lastOpenTime ? undefined : last + 1;
  }
  await deps.store.saveAuditedTo(series, from); // once: a completed series writes nothing
}
