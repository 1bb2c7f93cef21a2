// @ts-types="../ccxt.d.ts"
import ccxt from "ccxt";
import { answerWith } from "./answer.ts";

// ORIGIN WANTED: reads what is wanted of a Binance-like origin, with nothing changed but the address.
const [origin, wanted] = Deno.args as [string, string];
// Spot alone: futures have hosts of their own.
const options = { fetchMarkets: { types: ["spot"] } };
const exchange = new ccxt.binance({ enableRateLimit: false, options });
exchange.urls.api["public"] = `${origin}/api/v3`;

await answerWith(wanted, {
  async markets() {
    const markets = Object.entries(await exchange.loadMarkets());
    return Object.fromEntries(markets.map(([name, { id, active }]) => [name, { id, active }]));
  },
  /** What an order of a market must keep to. */
  async limits(symbol: string) {
    const { limits, precision } = (await exchange.loadMarkets())[symbol]!;
    return { limits, precision };
  },
  time: () => exchange.fetchTime(),
  ticker: (symbol: string) => exchange.fetchTicker(symbol),
  tickers: () => exchange.fetchTickers(),
  /** Every candle since a time, page by page. */
  async candles(symbol: string, interval: string, since: number) {
    const rows: number[][] = [];
    for (let from = since;; from = rows.at(-1)![0]! + 1) {
      const page = await exchange.fetchOHLCV(symbol, interval, from, 1000);
      rows.push(...page);
      if (page.length < 1000) return rows;
    }
  },
});
