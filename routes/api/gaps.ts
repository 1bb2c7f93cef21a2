import { gapsQuerySchema } from "../../lib/http/queries/api_queries.ts";
import { define } from "../../lib/http/define.ts";
import { requireHeld } from "../../lib/http/held.ts";
import { answerJson } from "../../lib/http/json_answer.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { parseQuery } from "../../lib/http/queries/query.ts";

/**
 * GET /api/gaps?symbol=BTCUSDT&interval=1h → the gaps of a series, each with class and evidence.
 */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const series = parseQuery(ctx.url.searchParams, gapsQuerySchema);
    const { services } = ctx.state;
    const { importedRows } = await requireHeld(services, series);
    const found = await services.gaps.list(series);
    const imported = importedRows === 0 ? [] : await services.reader.importedWithin(series, found);
    const gaps = found.map((gap, i) => ({
      symbol: gap.symbol,
      interval: gap.interval,
      from: gap.from,
      to: gap.to,
      missing: gap.missing,
      class: gap.class,
      evidence: gap.evidence === undefined ? null : {
        asked_at: gap.evidence.askedAt,
        host: gap.evidence.host ?? null,
        asked: gap.evidence.asked,
        others: gap.evidence.others,
        others_missing: gap.evidence.othersMissing,
      },
      imported: imported[i] ?? 0,
      checked_at: gap.checkedAt ?? null,
    }));
    return await answerJson(ctx.req, { gaps });
  },
}));
