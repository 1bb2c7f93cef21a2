import { symbolsQuerySchema } from "../../lib/http/queries/api_queries.ts";
import { define } from "../../lib/http/define.ts";
import { answerJson } from "../../lib/http/json_answer.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { parseQuery } from "../../lib/http/queries/query.ts";
import { toSymbolsJson } from "../../lib/pages/charts/symbols/symbol_json.ts";
import { searchSymbols } from "../../lib/pages/charts/symbols/symbol_search.ts";

/** GET /api/symbols[?search=bitcoin&first=ETHUSDT&limit=30&after=BTCUSDT] → collected symbols. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const query = parseQuery(ctx.url.searchParams, symbolsQuerySchema);
    const found = await searchSymbols(ctx.state.services, query);
    return await answerJson(ctx.req, toSymbolsJson(found));
  },
}));
