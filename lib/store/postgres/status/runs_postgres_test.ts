import assert from "node:assert/strict";
import { AppError } from "../../../core/errors.ts";
import { storePages } from "../../../collector/collect.ts";
import { executeRun } from "../../../collector/run.ts";
import { testJobs } from "../../../testing/collector.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import type { CandleOrigin, RunOutcome } from "../../../ports/run_ledger.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { createRunLedger, listRuns } from "./runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);
const runs = createRunLedger(db);
const store = createKlineStore(db);
const series = { symbol: "BTCUSDT", interval: "1h" } as const;
const none = { fetched: 0, new: 0, corrected: 0, unchanged: 0, requests: 1, weight: 2 };

interface Ended {
  readonly outcome?: RunOutcome;
  readonly isCounted?: boolean;
  readonly source?: CandleOrigin | undefined;
}

async function ended(job: string, end: Ended = {}): Promise<number> {
  const { outcome = "done", isCounted = true, source = "rest" } = end;
  const runId = await runs.start(job, source);
  const result = { ...none, outcome, isCounted, simulated: undefined, error: undefined };
  await runs.finish(runId, result);
  return runId;
}

const jobs = async () => (await listRuns(db, 100)).map(({ job }) => job).reverse();
const age = (days: number, filter = "true") =>
  db.query(`update runs set started_at = now() - $1 * interval '1 day' where ${filter}`, [days]);

await store.saveSymbols([marketSymbol("BTCUSDT")]);
await store.openSeries(series);

Deno.test("prune() keeps runs that have stored something, the first, and recent ones", async () => {
  await ended("first");
  const [candle, ...more] = klinesFrom("2024-01-01", "1h", 3);
  const writer = await runs.start("killed", "rest"); // stored a candle, and did not end
  await store.write(series, [candle!], writer);
  const archive = await ended("conflict", { source: "monthly" });
  const other = klineAt(candle!.openTime, "1h", { numberOfTrades: 1 });
  await store.write(series, [other], archive);
  await store.write(
    series,
    more,
    await ended("uncounted", { outcome: "failed", isCounted: false }),
  );
  await store.write(series, [other], await ended("corrected"));
  const refusing = await ended("refused file", { source: "monthly" });
  await runs.refuse(refusing, series, { name: "BTCUSDT-1h-2024-01", reason: "is missing" });
  await runs.note(await ended("noted"), "taken for spot");
  await ended("import", { source: "file" });
  const kept = await jobs();
  for (const job of ["stream-check", "stream-fill"]) await ended(job);
  await ended("collect", { outcome: "failed" });
  await ended("market-caps", { source: undefined });
  await runs.skip("repair");
  await age(29, "outcome <> 'skipped' or outcome is null");
  await age(6, "outcome = 'skipped'");
  assert.equal(await runs.prune(), 0);
  await age(8, "outcome = 'skipped'");
  assert.equal(await runs.prune(), 1);
  await age(31);
  assert.equal(await runs.prune(), 4);
  assert.deepEqual(await jobs(), kept);
});

Deno.test("prune() deletes 10,000 runs at a time, the oldest first", async () => {
  await db.query(
    `insert into runs (job, source, started_at, outcome, is_idle)
     select 'stream-check', 'rest', now() - interval '31 days' - i * interval '1 minute', 'done', true
     from generate_series(1, 12000) i`,
  );
  assert.deepEqual([await runs.prune(), await runs.prune(), await runs.prune()], [
    10_000,
    2_000,
    0,
  ]);
});

Deno.test("a run without candles is idle unless the database failed or it was stopped", async () => {
  const deps = testJobs(db, []);
  const down = new AppError("store_unavailable", "Cannot reach the database");
  const offline = new AppError("exchange_unavailable", "Cannot reach Binance");
  const cases: [string, Parameters<typeof executeRun>[2], boolean][] = [
    ["done", () => Promise.resolve(new Map()), true],
    ["partial", () => Promise.resolve(new Map([["BTCUSDT 1h", offline]])), true],
    ["database", () => Promise.resolve(new Map([["BTCUSDT 1h", down]])), false],
    ["offline", () => Promise.reject(offline), true],
    ["no database", () => Promise.reject(down), false],
    ["stopped", () => Promise.reject(new Error("stopped")), false],
  ];
  for (const [job, work, isIdle] of cases) {
    const signal = job === "stopped" ? AbortSignal.abort() : undefined;
    await executeRun(deps, job, work, signal).catch(() => {});
    const [row] = await db.query("select is_idle from runs where job = $1", [job]);
    assert.deepEqual(row, { is_idle: isIdle }, job);
  }
});

Deno.test("prune() keeps a run that has confirmed a file's candles, which then name it", async () => {
  const klines = klinesFrom("2024-02-01", "1h", 2);
  await store.write(series, klines, await runs.start("import", "file"));
  const serverTime = Date.UTC(2024, 2);
  const { signal } = new AbortController();
  const report = await executeRun(testJobs(db, []), "audit", async (step) => {
    await storePages(step, series, [{ klines, serverTime }], signal);
    return new Map();
  });
  assert.deepEqual([report.new, report.unchanged], [0, 2]);
  await age(31);
  await runs.prune();
  const unknown = await db.query(
    "select open_time from klines left join runs using (run_id) where runs.run_id is null",
  );
  assert.deepEqual(unknown, []);
});
