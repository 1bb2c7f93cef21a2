import { define } from "../lib/http/define.ts";
import { answerExport } from "../lib/export/export_answer.ts";
import { parseExportQuery } from "../lib/export/export_query.ts";
import { requireHeld } from "../lib/http/held.ts";
import { clientOf } from "../lib/http/limits.ts";
import { byMethod } from "../lib/http/methods.ts";

/** GET /export?symbol=ETHUSDT&interval=4h → closed candles as a stream; HEAD starts none. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const request = parseExportQuery(ctx.url.searchParams);
    const { services } = ctx.state;
    await Promise.all(request.series.map((series) => requireHeld(services, series)));
    return await answerExport(
      services,
      request,
      ctx.req,
      (limit) => services.limits[limit].enter(clientOf(ctx), ctx.req.signal),
    );
  },
}));
