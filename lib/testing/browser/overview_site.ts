import { parseDecimal } from "../../core/decimal.ts";
import { intervalMs, shiftOpen } from "../../core/interval.ts";
import type { Kline } from "../../core/kline.ts";
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, parseTime, toIso } from "../../core/time.ts";
import { coinsOf } from "../../marketcap/coins.ts";
import type { MarketCap } from "../../ports/market_caps.ts";
import type { RunOutcome } from "../../ports/run_ledger.ts";
import type { Db } from "../../store/postgres/connection/database.ts";
import { createGapLedger } from "../../store/postgres/writing/gaps_postgres.ts";
import { createKlineStore } from "../../store/postgres/writing/klines_postgres.ts";
import { createMarketCapStore } from "../../store/postgres/market_caps/market_caps_postgres.ts";
import { createRunLedger } from "../../store/postgres/status/runs_postgres.ts";
import { createTestApp, type TestApp } from "../app.ts";
import { klinesFrom, marketSymbol } from "../klines.ts";
import { createTestDatabase } from "../database/postgres.ts";

export const NOW = parseTime("2024-06-01T00:10Z");
export const INTERVALS = ["1h", "4h", "1d"] as const;

/** Price and circulating supply of each coin at about that time. */
const COINS = {
  BTC: [67_500, 19.7e6],
  ETH: [3_760, 120.1e6],
  BNB: [596, 147.6e6],
  SOL: [166, 459.8e6],
  XRP: [0.5183, 55.4e9],
  ADA: [0.4472, 35.7e9],
  DOGE: [0.1592, 144.4e9],
  TRX: [0.1119, 87.4e9],
  AVAX: [35.8, 393.1e6],
  LINK: [18.2, 587.1e6],
} as const;

export const SYMBOLS = Object.keys(COINS).map((base) => `${base}USDT`);

/** The app with ten coins at three intervals, with gaps, runs, revised candles and market caps. */
export interface OverviewSite {
  readonly app: TestApp;
  readonly db: Db;
  close(): Promise<void>;
}

export async function openOverviewSite(): Promise<OverviewSite> {
  const { db, url, close } = await createTestDatabase();
  await fill(db);
  const app = await createTestApp({
    db,
    url,
    symbols: SYMBOLS,
    intervals: INTERVALS,
    serverTime: NOW,
  });
  return {
    app,
    db,
    async close() {
      await app.close();
      await close();
    },
  };
}

/** Random prices that end at the coin's price. */
export function walk(klines: readonly Kline[], price: number, seed: number): Kline[] {
  const decimals = price > 10 ? 2 : 4;
  const text = (value: number) => parseDecimal(value.toFixed(decimals));
  const at = (time: EpochMs) => {
    const days = (NOW - time) / DAY_MS;
    const waves = [90, 31, 7.3, 1.9, 0.6].map((length, i) =>
      Math.sin(days / length * 2 * Math.PI + seed * (i + 1)) - Math.sin(seed * (i + 1))
    );
    return price * Math.exp(waves.reduce((sum, wave, i) => sum + wave * 0.09 / (i + 1), 0));
  };
  return klines.map((kline) => {
    const [open, close] = [at(kline.openTime), at(kline.closeTime)];
    return {
      ...kline,
      openPrice: text(open),
      closePrice: text(close),
      highPrice: text(Math.max(open, close) * 1.003),
      lowPrice: text(Math.min(open, close) * 0.997),
    };
  });
}

const COUNT: Record<typeof INTERVALS[number], number> = { "1h": 700, "4h": 500, "1d": 400 };

async function fill(db: Db): Promise<void> {
  const store = createKlineStore(db);
  const run = await createRunLedger(db).start("collect", "rest");
  await store.saveSymbols(SYMBOLS.map((symbol) => {
    const [price] = COINS[symbol.slice(0, -4) as keyof typeof COINS];
    return marketSymbol(symbol, { tickSize: parseDecimal(price < 10 ? "0.0001" : "0.01") });
  }));
  for (const [i, symbol] of SYMBOLS.entries()) {
    const [price] = COINS[symbol.slice(0, -4) as keyof typeof COINS];
    for (const interval of INTERVALS) {
      const series = { symbol, interval };
      const count = COUNT[interval];
      const last = Math.floor(NOW / intervalMs(interval)) * intervalMs(interval);
      const first = shiftOpen(last, interval, -count);
      const klines = walk(klinesFrom(first, interval, count), price, i + 1);
      const isLost = (_: Kline, n: number) => i > 3 || interval !== "1h" || n % 233 < 231;
      await store.openSeries(series);
      await store.write(series, klines.filter(isLost), run);
      // AVAX has older candles still to be collected.
      const older = symbol === "AVAXUSDT" && interval === "1h" ? 430 : 0;
      await store.saveListedAt(series, shiftOpen(first, interval, -older));
    }
  }
  await addGaps(db);
  await addRevisions(db);
  await addRuns(db);
  await addCaps(db);
  await db.query(
    `update klines set stored_at = open_time + interval '1 hour 6 seconds' where interval = '1h'`,
  );
  await db.query(`analyze`);
}

/** All BTC gaps except the newest are outages of the exchange. */
async function addGaps(db: Db): Promise<void> {
  const ledger = createGapLedger(db);
  for (const gap of await ledger.list({})) {
    if (gap.symbol === "BTCUSDT" && gap.from > NOW - 12 * DAY_MS) continue;
    await ledger.classify(gap, gap, {
      class: "exchange_outage",
      evidence: {
        askedAt: NOW - 20 * HOUR_MS,
        host: "https://data-api.binance.vision",
        asked: 3,
        others: 9,
        othersMissing: 3,
      },
    });
  }
}

async function addRevisions(db: Db): Promise<void> {
  const store = createKlineStore(db);
  const run = await createRunLedger(db).start("repair", "rest");
  const archive = await createRunLedger(db).start("import", "monthly");
  for (const [symbol, hours] of [["BTCUSDT", 30], ["ETHUSDT", 31], ["SOLUSDT", 90]] as const) {
    const open = Math.floor(NOW / HOUR_MS) * HOUR_MS - hours * HOUR_MS;
    const [price] = COINS[symbol.slice(0, -4) as keyof typeof COINS];
    const [kline] = walk(klinesFrom(open, "1h", 1), price, SYMBOLS.indexOf(symbol) + 1);
    const revised = { ...kline!, volume: parseDecimal("77.25000000"), numberOfTrades: 8123 };
    await store.write({ symbol, interval: "1h" }, [revised], run);
    const other = { ...revised, numberOfTrades: 8124 };
    if (symbol === "SOLUSDT") await store.write({ symbol, interval: "1h" }, [other], archive);
  }
  await db.query("update kline_revisions set replaced_at = $1", [toIso(NOW - 5 * HOUR_MS)]);
}

const RUNS: readonly (readonly [string, number, RunOutcome, string?])[] = [
  ["backfill", 41_000, "cut"],
  ["collect", 22, "done"],
  ["market-caps", 0, "done"],
  ["repair", 3_000, "done"],
  [
    "collect",
    29,
    "partial",
    "AVAXUSDT 1h: Cannot get https://api.binance.com/api/v3/klines: HTTP 502",
  ],
  ["market-caps", 0, "failed", "Cannot get market caps from coingecko: HTTP 429"],
  ["repair", 2_000, "done"],
  ["repair", 0, "skipped"],
  ["collect", 30, "done"],
];

async function addRuns(db: Db): Promise<void> {
  const ledger = createRunLedger(db);
  for (const [i, [job, fetched, outcome, error]] of RUNS.entries()) {
    const run = await ledger.start(job, job === "market-caps" ? undefined : "rest");
    const pages = Math.ceil(fetched / 1000);
    await ledger.finish(run, {
      fetched,
      outcome,
      error,
      simulated: undefined,
      new: fetched,
      corrected: job === "repair" ? 1 : 0,
      unchanged: 0,
      requests: pages + 2,
      weight: pages * 2 + 21,
      isCounted: true,
    });
    if (i === 3) await ledger.note(run, "BTCUSDT-1h.csv taken for spot: it has a header line");
    const start = NOW - (RUNS.length - i) * 10 * MINUTE_MS;
    await db.query(`update runs set started_at = $2, finished_at = $3 where run_id = $1`, [
      run,
      toIso(start),
      toIso(start + 1_900 + 700 * fetched / 100),
    ]);
  }
  await db.query(
    `update runs set started_at = $1, finished_at = $1, outcome = 'done'
    where finished_at is null`,
    [toIso(NOW - 20 * DAY_MS)],
  );
}

/** Regular snapshots of all coins except the omitted ones. */
export async function saveSnapshots(
  db: Db,
  times: readonly EpochMs[],
  { without = [], source = "coingecko" }: { without?: readonly string[]; source?: string } = {},
): Promise<void> {
  const caps = times.flatMap((takenAt) =>
    coinsOf(SYMBOLS).filter(({ ticker }) => !without.includes(ticker)).map((coin): MarketCap => {
      const [price, supply] = COINS[coin.ticker as keyof typeof COINS];
      const seed = SYMBOLS.indexOf(`${coin.ticker}USDT`) + 1;
      const [kline] = walk(klinesFrom(takenAt, "1m", 1), price, seed);
      return {
        coin: coin.id,
        symbol: coin.ticker,
        source,
        takenAt,
        price: kline!.openPrice,
        circulatingSupply: parseDecimal(String(supply)),
        marketCap: parseDecimal((Number(kline!.openPrice) * supply).toFixed(2)),
      };
    })
  );
  await createMarketCapStore(db).save(caps);
}

async function addCaps(db: Db): Promise<void> {
  const quarters = Array.from({ length: 12 * 24 }, (_, i) => NOW - 10 * MINUTE_MS - i * HOUR_MS);
  await saveSnapshots(db, quarters.filter((time) => time < NOW - 6 * HOUR_MS));
  await saveSnapshots(db, quarters.filter((time) => time >= NOW - 6 * HOUR_MS), {
    without: ["TRX"],
  });
  const late = quarters.filter((time) => time >= NOW - 6 * HOUR_MS);
  const others = SYMBOLS.map((symbol) => symbol.slice(0, -4)).filter((ticker) => ticker !== "TRX");
  await saveSnapshots(db, late, { without: others, source: "derived" });
}
