// @ts-types="../ccxt.d.ts"
import ccxt from "ccxt";
import { answerWith } from "./answer.ts";

// ORIGIN WANTED: calls a Binance-like origin with only the base URL changed.
const [origin, wanted] = Deno.args as [string, string];
// Spot only: futures have their own hosts.
const options = { fetchMarkets: { types: ["spot"] } };
const exchange = new ccxt.binance({ enableRateLimit: false, options });
exchange.urls.api["public"] = `${origin}/api/v3`;

await answerWith(wanted, {
  async markets() {
    const markets = Object.entries(await exchange.loadMarkets());
    return Object.fromEntries(markets.map(([name, { id, active }]) => [name, { id, active }]));
  },
  /** Limits for orders of a market. */
  async limits(symbol: string) {
    const { limits, precision } = (await exchange.loadMarkets())[symbol]!;
    return { limits, precision };
  },
  time: () => exchange.fetchTime(),
  ticker: (symbol: string) => exchange.fetchTicker(symbol),
  tickers: () => exchange.fetchTickers(),
  /** Every candle since a time, batch by batch. */
  async candles(symbol: string, interval: string, since: number) {
    const rows: number[][] = [];
    for (let from = since;; from = rows.at(-1)![0]! + 1) {
      const page = await exchange.fetchOHLCV(symbol, interval, from, 1000);
      rows.push(...page);
      if (page.length < 1000) return rows;
    }
  },
});
