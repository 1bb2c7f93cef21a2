import { define } from "../lib/http/define.ts";
import type { Series } from "../lib/core/kline.ts";
import { answerExport } from "../lib/export/export_answer.ts";
import { explainedExporter } from "../lib/export/explained_exporter.ts";
import { parseExportQuery } from "../lib/export/export_query.ts";
import { withUniverse } from "../lib/export/export_universe.ts";
import { requireHeld } from "../lib/http/held.ts";
import { clientOf } from "../lib/http/turns.ts";
import { byMethod } from "../lib/http/methods.ts";

/** GET /export?symbol=ETHUSDT&interval=4h → closed candles as a stream; HEAD starts none. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { services } = ctx.state;
    const request = await withUniverse(services, parseExportQuery(ctx.url.searchParams));
    const { telemetry } = services;
    const explain = (series: Series) => requireHeld(services, series);
    return await answerExport(
      { exporter: explainedExporter(services.exporter, explain), telemetry },
      request,
      ctx.req,
      (limit) => services.limits[limit].enter(clientOf(ctx), ctx.req.signal),
    );
  },
}));
