import { z } from "zod";
import { AppError } from "../../lib/core/errors.ts";
import { toCapRows } from "../../lib/marketcap/cap_rows.ts";
import { define } from "../../lib/web/define.ts";
import { byMethod } from "../../lib/web/methods.ts";
import { parseQuery } from "../../lib/web/query.ts";

/** GET /api/market-caps → the newest market cap of each configured coin, largest first. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    parseQuery(ctx.url.searchParams, z.object({}));
    const { marketCaps, settings, now } = ctx.state.services;
    const caps = await marketCaps.newest(settings.coins);
    if (caps.length === 0 && settings.coins.length > 0) {
      throw new AppError(
        "exchange_unavailable",
        "Cannot give market caps yet: no provider has answered so far",
        { retryAfterMs: 30_000 },
      );
    }
    return Response.json({ coins: toCapRows(caps, now()) }, {
      headers: { "cache-control": "no-cache" },
    });
  },
}));
