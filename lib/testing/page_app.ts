import type { ImportedCandle } from "../core/imported_candle.ts";
import type { Interval } from "../core/interval.ts";
import type { Kline } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { Limits } from "../http/limits.ts";
import type { LiveSource } from "../ports/live.ts";
import type { KnownCoin, MarketCap } from "../ports/market_caps.ts";
import { createImportedStore } from "../store/postgres/writing/imported_postgres.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createCoinStore } from "../store/postgres/market_caps/coins_postgres.ts";
import { createMarketCapStore } from "../store/postgres/market_caps/market_caps_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { createTestApp, type TestApp } from "./app.ts";
import { marketSymbol } from "./klines.ts";
import { createTestDatabase } from "./database/postgres.ts";

export interface PageAppOptions {
  readonly symbols: readonly string[];
  readonly intervals: readonly Interval[];
  readonly now: EpochMs;
  readonly basePath?: string;
  readonly liveSource?: LiveSource;
  readonly limits?: Limits;
}

/** The app with its own database, to be filled by a page's test. */
export interface PageApp extends TestApp {
  /** Stores candles of a symbol, and registers it. */
  addKlines(symbol: string, interval: Interval, klines: readonly Kline[]): Promise<void>;
  /** Stores candles of another program's file, of a symbol that is registered. */
  addImported(
    symbol: string,
    interval: Interval,
    candles: readonly ImportedCandle[],
  ): Promise<void>;
  /** Records the listing date of a series. */
  saveListedAt(symbol: string, interval: Interval, listedAt: EpochMs): Promise<void>;
  saveCaps(caps: readonly MarketCap[]): Promise<void>;
  /** Records the result of a coin lookup. */
  saveCoins(known: readonly KnownCoin[]): Promise<void>;
}

export async function createPageApp({ now, ...options }: PageAppOptions): Promise<PageApp> {
  const { db, url, close } = await createTestDatabase();
  const app = await createTestApp({ ...options, db, url, serverTime: now });
  const store = createKlineStore(db);
  const runId = await createRunLedger(db).start("test", "rest");
  return {
    ...app,
    async addKlines(symbol, interval, klines) {
      await store.saveSymbols([marketSymbol(symbol)]);
      await store.openSeries({ symbol, interval });
      await store.write({ symbol, interval }, klines, runId);
    },
    async addImported(symbol, interval, candles) {
      await createImportedStore(db).write({ symbol, interval }, candles, runId);
    },
    saveListedAt: (symbol, interval, listedAt) =>
      store.saveListedAt({ symbol, interval }, listedAt),
    saveCoins: (known) => createCoinStore(db).save(known),
    saveCaps: (caps) => createMarketCapStore(db).save(caps),
    async close() {
      await app.close();
      await close();
    },
  };
}
