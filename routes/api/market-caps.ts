import { AppError } from "../../lib/core/errors.ts";
import { toIso } from "../../lib/core/time.ts";
import { pieCoinsOf } from "../../lib/marketcap/coins.ts";
import { toCapRows } from "../../lib/marketcap/cap_rows.ts";
import { toDayChanges, usdSymbolsOf } from "../../lib/marketcap/usd_prices.ts";
import type { MarketCap } from "../../lib/ports/market_caps.ts";
import { capsQuerySchema } from "../../lib/http/queries/cap_queries.ts";
import { answerCsv } from "../../lib/http/csv_answer.ts";
import { define } from "../../lib/http/define.ts";
import { answerJson } from "../../lib/http/json_answer.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { parseQuery } from "../../lib/http/queries/query.ts";

/**
 * GET /api/market-caps[?format=csv] → the newest market cap of each configured coin, largest first.
 */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { format } = parseQuery(ctx.url.searchParams, capsQuerySchema);
    const { marketCaps, directory, now } = ctx.state.services;
    const list = await directory.list();
    const caps = await marketCaps.newest(list.coins);
    if (caps.length === 0 && pieCoinsOf(list).length > 0) {
      throw new AppError(
        "exchange_unavailable",
        "Cannot serve market caps yet: no provider has responded",
        { retryAfterMs: 30_000 },
      );
    }
    if (format === "csv") {
      const rows = caps.map(toRow).sort(byCap);
      return await answerCsv(ctx.req, { name: "market-caps.csv", columns: COLUMNS, rows });
    }
    const time = now();
    const closes = await marketCaps.closes(usdSymbolsOf(list.coins), time);
    const changes = toDayChanges(list.coins, closes);
    return await answerJson(ctx.req, { coins: toCapRows(caps, { changes, now: time }) });
  },
}));

const COLUMNS = [
  "coin",
  "symbol",
  "price",
  "circulating_supply",
  "market_cap",
  "source",
  "taken_at",
];

/** With the stored digits. */
function toRow(cap: MarketCap): string[] {
  const { coin, symbol, price, circulatingSupply, marketCap, source, takenAt } = cap;
  return [coin, symbol, price, circulatingSupply, marketCap, source, toIso(takenAt)];
}

const CAP = COLUMNS.indexOf("market_cap");
const byCap = (a: readonly string[], b: readonly string[]) => Number(b[CAP]) - Number(a[CAP]);
