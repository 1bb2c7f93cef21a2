import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { createTestDatabase, silent } from "../lib/testing/database/postgres.ts";
import { copyOut } from "../lib/store/postgres/connection/copy_out.ts";
import { openDatabase } from "../lib/store/postgres/connection/database.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { cost, type Figure, inTurn, median, RUNS } from "./figure.ts";

const ROWS = 1_000_000;
const MEBIBYTE = 1024 * 1024;

/** The query of `/export`, run directly on the server. */
const SELECT = (() => {
  const iso = (column: string) =>
    `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column}`;
  return `select ${iso("open_time")}, open_price, high_price, low_price, close_price, volume,
    ${iso("close_time")}, quote_asset_volume, number_of_trades, taker_buy_base_asset_volume,
    taker_buy_quote_asset_volume from klines k
    where symbol_id = 1 and interval = '1m' order by k.open_time`;
})();

/**
 * `/export` of a million candles through the whole app, compared with PostgreSQL's COPY of the same
 * query.
 */
export async function benchExport(): Promise<Figure[]> {
  const { db, url, close } = await createTestDatabase();
  const store = createKlineStore(db);
  await store.saveSymbols([marketSymbol("BTCUSDT")]);
  const run = await createRunLedger(db).start("bench", "rest");
  for (let i = 0; i < ROWS; i += 20_000) {
    const klines = klinesFrom(Date.UTC(2020, 0, 1) + i * 60_000, "1m", 20_000);
    await store.write({ symbol: "BTCUSDT", interval: "1m" }, klines, run);
  }
  await db.query("vacuum (analyze) klines_1m");
  const app = await createTestApp({
    db,
    url,
    symbols: ["BTCUSDT"],
    intervals: ["1m"],
    serverTime: Date.now(),
  });
  const open = (query = "") => async () => {
    const response = await app.fetch(`/export?symbol=BTCUSDT&interval=1m${query}`);
    return response.body!;
  };
  const [csv, parquet] = [open(), open("&format=parquet")];
  const lines = await inTurn(() => rowsPerSecond(csv), () => copyDirect(url));
  const linesGrowth = await memoryGrowth(csv);
  const linesFirst = await firstByteMs(csv);
  const columns = await inTurn(() => rowsPerSecond(parquet), () => rowsPerSecond(csv));
  const columnsGrowth = await memoryGrowth(parquet);
  const columnsFirst = await firstByteMs(parquet);
  await app.close();
  await close();
  return [
    {
      name: "/export of 1,000,000 candles",
      limit: "COPY TO of the same query",
      unit: "rows/s",
      measured: lines.a,
      limitMeasured: lines.b,
      budget: 0.9,
    },
    cost("/export: growth of memory", "MiB", linesGrowth, 64),
    cost("/export: first byte", "ms", linesFirst, 50),
    {
      name: "/export as Parquet of 1,000,000 candles",
      limit: "/export as CSV",
      unit: "rows/s",
      measured: columns.a,
      limitMeasured: columns.b,
      budget: 0.9,
    },
    cost("/export as Parquet: growth of memory", "MiB", columnsGrowth, 32),
    cost("/export as Parquet: first byte", "ms", columnsFirst, 50),
  ];
}

async function rowsPerSecond(open: () => Promise<ReadableStream<Uint8Array>>): Promise<number> {
  const start = performance.now();
  for await (const chunk of await open()) void chunk;
  return ROWS / ((performance.now() - start) / 1000);
}

async function copyDirect(url: string): Promise<number> {
  const db = openDatabase({ url, log: silent, maxConnections: 1 });
  const loan = await db.lend();
  const start = performance.now();
  const bytes = copyOut(loan.client, `copy (${SELECT}) to stdout (format csv, header)`, {
    onCancel() {},
    onEnd: () => Promise.resolve(),
  });
  for await (const chunk of bytes) void chunk;
  const speed = ROWS / ((performance.now() - start) / 1000);
  loan.release({ isBroken: false });
  await db.close();
  return speed;
}

async function memoryGrowth(open: () => Promise<ReadableStream<Uint8Array>>): Promise<number> {
  const before = Deno.memoryUsage().rss;
  let peak = before;
  for await (const chunk of await open()) {
    void chunk;
    peak = Math.max(peak, Deno.memoryUsage().rss);
  }
  return (peak - before) / MEBIBYTE;
}

async function firstByteMs(open: () => Promise<ReadableStream<Uint8Array>>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const reader = (await open()).getReader();
    await reader.read();
    times.push(performance.now() - start);
    await reader.cancel();
  }
  return median(times);
}
