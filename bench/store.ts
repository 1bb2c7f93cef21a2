import { collectFrom } from "../lib/collector/collect.ts";
import { intervalMs } from "../lib/core/interval.ts";
import type { Kline } from "../lib/core/kline.ts";
import { toIso } from "../lib/core/time.ts";
import type { KlineSource } from "../lib/ports/kline_source.ts";
import { copyIn } from "../lib/store/postgres/connection/copy_in.ts";
import type { Db } from "../lib/store/postgres/connection/database.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { klineAt, marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase, silent } from "../lib/testing/database/postgres.ts";
import { cost, type Figure, inTurn } from "./figure.ts";

const ROWS = 1_000_000;
/** As served by the exchange. */
const PAGE = 1_000;
const START = Date.UTC(2018, 0, 1);

/**
 * Storing a million candles through the collector's write path, compared with COPY of the same rows
 * into the same table, PostgreSQL's fastest way to load data.
 */
export async function benchStore(): Promise<Figure[]> {
  const { db, close } = await createTestDatabase();
  const step = intervalMs("1m");
  const klines = Array.from({ length: ROWS }, (_, i) => klineAt(START + i * step, "1m"));
  const runId = await createRunLedger(db).start("bench", "rest");
  const store = createKlineStore(db);
  await store.saveSymbols([marketSymbol("BTCUSDT")]);

  const write = async () => {
    await empty(db);
    return await rowsPerSecond(() => writePages(store, klines, runId));
  };
  const copy = async () => {
    await empty(db);
    return await rowsPerSecond(() => copyAll(db, klines, runId));
  };
  const { a, b } = await inTurn(write, copy);

  await empty(db);
  await writePages(store, klines, runId);
  // otherwise autovacuum may do it during the measurement, and log it
  await db.query("vacuum (analyze) klines_1m");
  const version = await readVersion(db);
  const before = await walPosition(db);
  const again = await rowsPerSecond(() => writePages(store, klines, runId));
  const wal = await walPosition(db) - before;
  const rewritten = await countSince(db, version);
  await close();
  return [
    {
      name: "store 1,000,000 candles",
      limit: "COPY FROM",
      unit: "rows/s",
      measured: a,
      limitMeasured: b,
      budget: 0.7,
    },
    cost("store them again: rows written", "", rewritten, 0),
    cost("store them again: WAL per 100k rows", "bytes", wal / (ROWS / 100_000), 64 * 1024),
    {
      name: "store them again (no budget)",
      limit: "COPY FROM",
      unit: "rows/s",
      measured: again,
      limitMeasured: b,
      budget: 0,
    },
  ];
}

/** The collector on an exchange that responds immediately. */
async function writePages(
  store: ReturnType<typeof createKlineStore>,
  klines: readonly Kline[],
  runId: number,
) {
  const serverTime = klines.at(-1)!.openTime + 2 * intervalMs("1m");
  const source: KlineSource = {
    serverTime: () => Promise.resolve(serverTime),
    listSymbols: () => Promise.resolve({ symbols: [], unreadable: [], isWhole: true }),
    listDayVolumes: () => Promise.resolve([]),
    usage: () => ({ requests: 0, weight: 0, host: undefined, simulated: undefined }),
    page: (_, { from = START }) => {
      const first = Math.ceil((from - START) / intervalMs("1m"));
      return Promise.resolve({ klines: klines.slice(first, first + PAGE), serverTime });
    },
  };
  const series = { symbol: "BTCUSDT", interval: "1m" } as const;
  const range = { from: START, to: klines.at(-1)!.openTime + 1 };
  const deps = { store, source, runId, historySince: 0, log: silent };
  await collectFrom(deps, series, range, new AbortController().signal);
}

async function copyAll(db: Db, klines: readonly Kline[], runId: number) {
  function* parts() {
    let lines = "";
    for (const k of klines) {
      lines += `1\t1m\t${toIso(k.openTime)}\t${toIso(k.closeTime)}\t2024-01-01\t1\t${runId}\t` +
        `${k.numberOfTrades}\t${k.openPrice}\t${k.highPrice}\t${k.lowPrice}\t${k.closePrice}\t` +
        `${k.volume}\t${k.quoteAssetVolume}\t${k.takerBuyBaseAssetVolume}\t` +
        `${k.takerBuyQuoteAssetVolume}\n`;
      if (lines.length < 1 << 16) continue;
      yield lines;
      lines = "";
    }
    yield lines;
  }
  await db.transaction((tx) => copyIn(tx, `copy klines (${COLUMNS}) from stdin`, parts()));
}

const COLUMNS = [
  "symbol_id",
  "interval",
  "open_time",
  "close_time",
  "stored_at",
  "change_seq",
  "run_id",
  "number_of_trades",
  "open_price",
  "high_price",
  "low_price",
  "close_price",
  "volume",
  "quote_asset_volume",
  "taker_buy_base_asset_volume",
  "taker_buy_quote_asset_volume",
];

async function empty(db: Db) {
  await db.query("truncate klines, kline_revisions, gaps");
  await db.query("update series set version = 0, row_count = 0");
  await db.query("checkpoint");
}

async function rowsPerSecond(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return ROWS / ((performance.now() - start) / 1000);
}

async function readVersion(db: Db): Promise<number> {
  const [row] = await db.query<{ version: number }>("select max(version) as version from series");
  return row!.version;
}

/** Rows written after a version of the series. */
async function countSince(db: Db, version: number): Promise<number> {
  const [row] = await db.query<{ rows: number }>(
    "select count(*)::int as rows from klines where change_seq > $1",
    [version],
  );
  return row!.rows;
}

async function walPosition(db: Db): Promise<number> {
  const [row] = await db.query<{ at: string }>("select pg_current_wal_insert_lsn() - '0/0' as at");
  return Number(row!.at);
}
