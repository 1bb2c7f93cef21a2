import { parseDecimal } from "../../core/decimal.ts";
import { type EpochMs, parseTime } from "../../core/time.ts";
import type { SymbolLife } from "../../core/universe/symbol_record.ts";
import { createKlineStore } from "../../store/postgres/writing/klines_postgres.ts";
import { createLifeStore } from "../../store/postgres/universe/lives_postgres.ts";
import { createTestApp } from "../app.ts";
import { marketSymbol } from "../klines.ts";
import { createTestDatabase } from "../database/postgres.ts";

/** A life of a symbol: from, to (absent: to this day), first and last price. */
export type Dates = readonly [
  from: string,
  to?: string | undefined,
  prices?: readonly [string, string],
];

/** The app with symbols that were listed, delisted, reused and renamed; no candle is stored. */
export async function openUniverseSite(now: EpochMs) {
  const { db, url, close } = await createTestDatabase();
  const store = createKlineStore(db);
  const lives = createLifeStore(db);

  /** A symbol with these lives; without any it has not been looked up. */
  async function add(base: string, quote: string, ...own: Dates[]): Promise<void> {
    const symbol = base + quote;
    const status = own.length > 0 && own.at(-1)![1] !== undefined ? "BREAK" : "TRADING";
    const market = marketSymbol(symbol, { baseAsset: base, quoteAsset: quote, status });
    await store.saveSymbols([market]);
    const found = own.map(([from, to, prices]): SymbolLife => ({
      listedAt: parseTime(from),
      delistedAt: to === undefined ? undefined : parseTime(to),
      source: "exchange",
      firstPrice: prices && parseDecimal(prices[0]),
      lastPrice: prices && parseDecimal(prices[1]),
    }));
    if (found.length > 0) await lives.save(symbol, { lives: found }, now);
  }

  await add("BTC", "USDT", ["2017-08-17T04:00"]);
  await add("ETH", "BTC", ["2017-07-14T04:00"]);
  await add("LUNA", "USDT", ["2020-08-21T10:00", "2022-05-13T00:40"], ["2022-05-31T06:00"]);
  await add("LEND", "USDT", ["2019-12-18", "2020-10-12T08:00", ["0.02", "0.49"]]);
  await add("AAVE", "USDT", ["2020-10-15T03:00", undefined, ["53.0", "250"]]);
  await add("OLD", "BTC", ["2021-02-01", "2024-03-01T08:00", ["1.0", "0.0200"]]);
  await add("FRESH", "BTC", ["2024-03-04T08:00", undefined, ["0.00203", "0.01"]]);
  const app = await createTestApp({
    db,
    url,
    symbols: ["BTCUSDT"],
    intervals: ["1d"],
    serverTime: now,
  });
  return {
    app,
    db,
    store,
    add,
    async close() {
      await app.close();
      await close();
    },
  };
}
