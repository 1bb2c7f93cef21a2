import { AppError } from "../../lib/core/errors.ts";
import { toDecimal } from "../../lib/core/decimal.ts";
import { toIso } from "../../lib/core/time.ts";
import { pieCoinsOf } from "../../lib/marketcap/coins.ts";
import { toCapRows } from "../../lib/marketcap/cap_rows.ts";
import { IN_DOLLARS, type QuoteRate, readQuoteRate } from "../../lib/marketcap/quote_rate.ts";
import { readDayChanges } from "../../lib/pages/markets/day_changes.ts";
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
    const { format, quote } = parseQuery(ctx.url.searchParams, capsQuerySchema);
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
    const time = now();
    const rate = await readQuoteRate(marketCaps, list, { quote, now: time });
    if (format === "csv") {
      const rows = caps.map((cap) => toRow(cap, rate)).sort(byCap);
      const columns = rate === IN_DOLLARS ? COLUMNS : [...COLUMNS, "quote"];
      return await answerCsv(ctx.req, { name: "market-caps.csv", columns, rows });
    }
    const changes = await readDayChanges(ctx.state.services, list.coins);
    const coins = toCapRows(caps, { changes, now: time, rate });
    return await answerJson(
      ctx.req,
      rate === IN_DOLLARS ? { coins } : { ...rateFields(rate), coins },
    );
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

function rateFields({ quote, usd, source, takenAt }: QuoteRate) {
  return { quote, rate: { usd, source: source ?? null, taken_at: takenAt ?? null } };
}

/** In US dollars with the stored digits. */
function toRow(cap: MarketCap, rate: QuoteRate): string[] {
  const { coin, symbol, price, circulatingSupply, marketCap, source, takenAt } = cap;
  const common = [source, toIso(takenAt)];
  if (rate === IN_DOLLARS) return [coin, symbol, price, circulatingSupply, marketCap, ...common];
  const inQuote = (value: string) => toDecimal(Number(value) / rate.usd);
  const [converted, total] = [inQuote(price), inQuote(marketCap)];
  return [coin, symbol, converted, circulatingSupply, total, ...common, rate.quote];
}

const CAP = COLUMNS.indexOf("market_cap");
const byCap = (a: readonly string[], b: readonly string[]) => Number(b[CAP]) - Number(a[CAP]);
