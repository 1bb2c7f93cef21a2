import { toIso } from "../../lib/core/time.ts";
import { tradedOn } from "../../lib/core/universe/traded_on.ts";
import { answerCsv } from "../../lib/http/csv_answer.ts";
import { define } from "../../lib/http/define.ts";
import { answerJson } from "../../lib/http/json_answer.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { parseQuery } from "../../lib/http/queries/query.ts";
import {
  indexRenames,
  toUniverseJson,
  toUniverseRow,
  UNIVERSE_COLUMNS,
} from "../../lib/http/universe_json.ts";
import { requireDay, universeQuerySchema } from "../../lib/http/queries/universe_query.ts";
import { readUniverse } from "../../lib/http/universe_read.ts";

/** GET /api/universe?at=2021-06-01[&quote=USDT] → the symbols that were traded on that day. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const query = parseQuery(ctx.url.searchParams, universeQuerySchema);
    const { services } = ctx.state;
    const at = requireDay(query.at, services.exchange.serverTime());
    const { records, renames, pending, checkedAt } = await readUniverse(services);
    const index = indexRenames(renames);
    const { quote, limit, after = "" } = query;
    const listings = tradedOn(records, { at, quote }).filter(({ record }) => record.symbol > after);
    const shown = listings.slice(0, limit);
    const next = shown.length < listings.length ? shown.at(-1)!.record.symbol : null;
    if (query.format === "csv") {
      return await answerCsv(ctx.req, {
        name: `universe-${toIso(at).slice(0, 10)}.csv`,
        columns: UNIVERSE_COLUMNS,
        rows: shown.map((one) => toUniverseRow(one, index)),
      });
    }
    return await answerJson(ctx.req, {
      at,
      quote: quote ?? null,
      symbols: shown.map((one) => toUniverseJson(one, index)),
      next,
      pending,
      checked_at: checkedAt ?? null,
    });
  },
}));
