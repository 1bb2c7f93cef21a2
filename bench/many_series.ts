import { DAY_MS, MINUTE_MS } from "../lib/core/time.ts";
import { createAnswerCache } from "../lib/http/answer_cache.ts";
import { createTestApp, type TestApp } from "../lib/testing/app.ts";
import { fillManySeries, manySymbols } from "../lib/testing/many_series.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { cost, type Figure, inTurn, median, RUNS } from "./figure.ts";

const INTERVALS = ["1h", "4h", "1d"] as const;
const SYMBOLS = 3_000;
const FEW_SYMBOLS = 10;
const CHARTS = "/charts?interval=1h";
const CHART_RUNS = 31;
const NOW = Math.floor(Date.UTC(2026, 5, 1, 0, 10));

/** Paths with the largest acceptable time in ms, without any cache. */
const PATHS = [
  ["/status", 300],
  ["/status?series=300&sort=coverage", 300],
  ["/status?freshness=stale&quote=USDT", 300],
  ["/api/series", 300],
  ["/api/series?limit=1000", 200],
  ["/metrics", 400],
  ["/metrics?per_series=0", 200],
] as const;
/** Pause between two requests of /healthz, which is watched while the others are answered. */
const WATCH_MS = 5;

/** Pages and answers with 9,000 series and 60,000 gaps, from request to last byte. */
export async function benchManySeries(): Promise<Figure[]> {
  const { db, url, close } = await createTestDatabase();
  const symbols = manySymbols(SYMBOLS);
  await fillManySeries(db, { symbols, intervals: INTERVALS, now: NOW });
  const served = { db, url, symbols, intervals: INTERVALS, serverTime: NOW };
  const app = await createTestApp(served);
  const figures: Figure[] = [];
  const waits: number[] = [];
  for (const [path, budget] of PATHS) {
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await measure(app, path, waits));
    figures.push(cost(`${path}, 9,000 series`, "ms", median(runs), budget));
  }
  waits.sort((a, b) => a - b);
  const p99 = waits[Math.floor(waits.length * 0.99)]!;
  figures.push(cost("/healthz at the same time, 99th percentile", "ms", p99, 50));
  await app.close();
  // as a server has it: the list of symbols is shared between pages
  const shared = await createTestApp({ ...served, answers: createAnswerCache() });
  figures.push(...await compareCharts(shared));
  await shared.close();
  await close();
  return figures;
}

/** Measures the charts page, compared with the one of an app with 30 series. */
async function compareCharts(app: TestApp): Promise<Figure[]> {
  const { db, url, close } = await createTestDatabase();
  const symbols = manySymbols(FEW_SYMBOLS);
  await fillManySeries(db, { symbols, intervals: INTERVALS, now: NOW });
  const few = await createTestApp({
    db,
    url,
    symbols,
    intervals: INTERVALS,
    serverTime: NOW,
    answers: createAnswerCache(),
  });
  let page = 0;
  // addresses that were not requested before, because equal ones share a page
  const perSecond = (one: TestApp) => async () =>
    1_000 / await measure(one, `${CHARTS}&from=${NOW - DAY_MS - MINUTE_MS * page++}`, []);
  const { a, b } = await inTurn(perSecond(app), perSecond(few), CHART_RUNS);
  const html = await (await app.fetch(CHARTS)).bytes();
  await few.close();
  await close();
  return [
    {
      name: "/charts, 9,000 series",
      limit: "the same with 30 series",
      unit: "pages/s",
      measured: a,
      limitMeasured: b,
      budget: 1 / 1.3,
    },
    cost("/charts, 9,000 series: HTML", "kB", html.length / 1_000, 60),
  ];
}

/** Time of a request; adds the times of requests of /healthz in between to `waits`. */
async function measure(app: TestApp, path: string, waits: number[]): Promise<number> {
  const watch = watchHealth(app, waits);
  const start = performance.now();
  const response = await app.fetch(path, { headers: { "accept-encoding": "gzip" } });
  await response.bytes();
  const ms = performance.now() - start;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  await watch.stop();
  return ms;
}

function watchHealth(app: TestApp, waits: number[]) {
  let isOver = false;
  const watched = (async () => {
    while (!isOver) {
      const start = performance.now();
      await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
      await (await app.fetch("/healthz")).bytes();
      waits.push(performance.now() - start - WATCH_MS);
    }
  })();
  return {
    stop() {
      isOver = true;
      return watched;
    },
  };
}
