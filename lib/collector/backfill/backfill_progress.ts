import { archiveShare, planBackfill, remainingRows } from "../../core/remaining_history.ts";
import { bySeries, type Series, seriesName } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { GapLedger } from "../../ports/gap_ledger.ts";
import type { HistoryReader, SeriesHistory } from "../../ports/history_reader.ts";
import type { KlineReader } from "../../ports/kline_reader.ts";

export interface HistoryDeps {
  readonly reader: Pick<KlineReader, "extents">;
  readonly gaps: Pick<GapLedger, "list">;
  /** The series whose history is wanted, and from when on. */
  readonly listSeries: () => Promise<readonly Series[]>;
  readonly since: EpochMs;
  /** The exchange's clock. */
  readonly serverTime: () => EpochMs;
  /** Request weight per minute that the exchange allows. */
  readonly weightLimit: () => number;
  /** True if archive files are used. */
  readonly hasArchive: boolean;
}

/** Progress of history, read from the stored series, so any process can report it. */
export function createHistoryReader(deps: HistoryDeps): HistoryReader {
  return {
    async read() {
      const held = bySeries(await deps.reader.extents());
      const pending = await countPending(deps.gaps);
      const now = deps.serverTime();
      const histories = (await deps.listSeries()).map(({ symbol, interval }) => {
        const name = seriesName({ symbol, interval });
        const { rows = 0, firstOpenTime, listedAt } = held.get(name) ?? {};
        const facts = { interval, rows, firstOpenTime, listedAt, pending: pending.get(name) ?? 0 };
        const remaining = remainingRows(facts, deps.since, now);
        const archived = deps.hasArchive ? archiveShare(facts, deps.since, now) : undefined;
        return {
          series: { symbol, interval, rows, remaining },
          left: { rows: remaining, archived },
        };
      });
      const series: SeriesHistory[] = histories.map(({ series }) => series);
      return {
        series,
        rows: series.reduce((sum, { rows }) => sum + rows, 0),
        left: planBackfill(histories.map(({ left }) => left), deps.weightLimit()),
        isComplete: series.every(({ remaining }) => remaining === 0),
      };
    },
  };
}

/** Candles missing in pending gaps, by series. */
export async function countPending(gaps: Pick<GapLedger, "list">): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const gap of await gaps.list({ class: "pending" })) {
    counts.set(seriesName(gap), (counts.get(seriesName(gap)) ?? 0) + gap.missing);
  }
  return counts;
}
