import { AppError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";
import type { ExportQuery, KlineExporter, SeriesHead } from "../ports/kline_exporter.ts";

/**
 * `exporter`, which has `explain` throw the reason where a series is not stored or has no candles
 * yet. Series that have candles are looked up by the export alone.
 */
export function explainedExporter(
  exporter: KlineExporter,
  explain: (series: Series) => Promise<unknown>,
): KlineExporter {
  async function explainMissing(query: ExportQuery, error: unknown): Promise<never> {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    if (query.isRollup && error.param === "interval") throw error;
    for (const series of query.series) {
      await explain(series).catch((reason) => {
        const isDerivable = query.isRollup && reason instanceof AppError &&
          reason.param === "interval";
        if (!isDerivable) throw reason;
      });
    }
    // Opened after the export had looked for them.
    const names = query.series.map(seriesName).join(", ");
    throw new AppError(
      "exchange_unavailable",
      `Cannot export ${names} yet: the first candles are being collected`,
      { retryAfterMs: 1_000 },
    );
  }

  async function explainEmpty(heads: readonly SeriesHead[]): Promise<void> {
    for (const head of heads) {
      if (head.lastOpenTime === undefined && head.derived === undefined) await explain(head);
    }
  }

  return {
    async describe(query) {
      const heads = await exporter.describe(query)
        .catch((error) => explainMissing(query, error));
      await explainEmpty(heads);
      return heads;
    },
    async open(query) {
      const open = await exporter.open(query).catch((error) => explainMissing(query, error));
      try {
        await explainEmpty(open.heads);
        return open;
      } catch (error) {
        await open.close();
        throw error;
      }
    },
  };
}
