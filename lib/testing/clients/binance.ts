import { type KlinesParams, MainClient } from "binance";
import { answerWith } from "./answer.ts";

// ORIGIN WANTED: calls a Binance-like origin with only the base URL changed.
const [baseUrl, wanted] = Deno.args as [string, string];
const client = new MainClient({ baseUrl, beautifyResponses: false });

await answerWith(wanted, {
  async symbols() {
    return (await client.getExchangeInfo()).symbols.map(({ symbol }) => symbol);
  },
  ticker: (symbol: string) => client.get24hrChangeStatistics({ symbol }),
  averagePrice: (symbol: string) => client.getAvgPrice({ symbol }),
  /** The error of a request for candles. */
  async refusal(symbol: string, interval: KlinesParams["interval"]) {
    const { code, message } = await client.getKlines({ symbol, interval }).then(
      () => ({ code: 0, message: "no error" }),
      (error) => error,
    );
    return { code, message };
  },
  /** Every candle since a time, batch by batch. */
  async candles(symbol: string, interval: KlinesParams["interval"], since: number) {
    const rows: unknown[] = [];
    for (let startTime = since;;) {
      const page = await client.getKlines({ symbol, interval, startTime, limit: 1000 });
      rows.push(...page);
      if (page.length < 1000) return rows;
      startTime = page.at(-1)![0] + 1;
    }
  },
});
