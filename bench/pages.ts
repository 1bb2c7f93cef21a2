import { DAY_MS, HOUR_MS } from "../lib/core/time.ts";
import { type Interval, intervalMs } from "../lib/core/interval.ts";
import type { Db } from "../lib/store/postgres/connection/database.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { saveSnapshots, SYMBOLS } from "../lib/testing/browser/overview_site.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { cost, type Figure, median, RUNS } from "./figure.ts";

const INTERVALS: readonly Interval[] = ["15m", "1h", "4h"];
const ROWS = 80_000;
const GAPS = 100_000;
const NOW = Math.floor(Date.UTC(2026, 0, 1));

/**
 * The overview pages with 30 series of 80,000 candles and 100,000 gaps, from request to last byte.
 */
export async function benchPages(): Promise<Figure[]> {
  const { db, url, close } = await createTestDatabase();
  await fill(db);
  const app = await createTestApp({
    db,
    url,
    symbols: SYMBOLS,
    intervals: INTERVALS,
    serverTime: NOW,
  });
  const figures: Figure[] = [];
  for (
    const [path, budget] of [
      ["/status", 500],
      ["/status?page=4000", 500],
      ["/status?symbol=BTCUSDT&interval=1h&class=pending", 500],
      ["/markets", 300],
      ["/markets?range=all", 300],
    ] as const
  ) {
    await milliseconds(() => app.fetch(path));
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await milliseconds(() => app.fetch(path)));
    figures.push(cost(`${path}, 2.4 M candles and 100,000 gaps`, "ms", median(runs), budget));
  }
  await app.close();
  await close();
  return figures;
}

async function milliseconds(ask: () => Promise<Response>): Promise<number> {
  const start = performance.now();
  const response = await ask();
  await response.bytes();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return performance.now() - start;
}

async function fill(db: Db): Promise<void> {
  await db.query("insert into runs (job, source) values ('bench', 'rest')");
  await db.query(
    `insert into symbols (symbol, base_asset, quote_asset, status, tick_size)
     select s, left(s, -4), 'USDT', 'TRADING', 0.01 from unnest($1::text[]) s`,
    [SYMBOLS],
  );
  for (const interval of INTERVALS) {
    const seconds = intervalMs(interval) / 1000;
    const first = new Date(NOW - ROWS * seconds * 1000).toISOString();
    await db.query(
      `insert into klines select symbol_id, $1, t, t + make_interval(secs => $2 - 0.001),
         t + make_interval(secs => $2 + 6), 1, 1, 10, p, p, p, p, 1, 1, 1, 1
       from symbols, generate_series(0, $4 - 1) i,
         lateral (select $3::timestamptz + make_interval(secs => i * $2) as t, 100 + i % 50 as p) v`,
      [interval, seconds, first, ROWS],
    );
    await db.query(
      `insert into series select symbol_id, $1, 1, $2, $3, $4, $3 from symbols`,
      [interval, ROWS, first, new Date(NOW - intervalMs(interval)).toISOString()],
    );
  }
  await db.query(
    `insert into gaps select symbol_id, interval, t, t + interval '2 hours', 2,
       case when i % 10 = 0 then 'pending' else 'exchange_outage' end
     from series, generate_series(1, $1) i,
       lateral (select $2::timestamptz - make_interval(hours => i * 3) as t) v`,
    [Math.ceil(GAPS / SYMBOLS.length / INTERVALS.length), new Date(NOW).toISOString()],
  );
  const hours = Array.from({ length: 30 * 24 }, (_, i) => NOW - i * HOUR_MS);
  await saveSnapshots(db, hours.filter((time) => time > NOW - 30 * DAY_MS));
  await db.query("vacuum (analyze)");
}
