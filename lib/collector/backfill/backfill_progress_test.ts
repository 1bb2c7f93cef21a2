import assert from "node:assert/strict";
import type { Series } from "../../core/kline.ts";
import { parseTime } from "../../core/time.ts";
import { startSimulator } from "../../../packages/simulator/simulator.ts";
import { createKlineReader } from "../../store/postgres/reading/read_postgres.ts";
import { testJobs } from "../../testing/collector.ts";
import { createTestDatabase, silent, testCluster } from "../../testing/database/postgres.ts";
import { createHistoryReader } from "./backfill_progress.ts";
import { runBackfill, runCollect } from "../jobs.ts";

await testCluster();
const signal = new AbortController().signal;
const now = parseTime("2025-06-15T10:20:30Z");
const btc: Series = { symbol: "BTCUSDT", interval: "1h" };

Deno.test("the history reader reports the exact progress of a backfill, and its end", async () => {
  await using simulator = await startSimulator({
    now,
    since: parseTime("2024-06-15"),
    frozen: true,
  });
  const { db, close } = await createTestDatabase();
  const jobs = testJobs(db, [simulator.url]);
  const history = createHistoryReader({
    reader: createKlineReader(db),
    gaps: jobs.gaps,
    listSeries: () => Promise.resolve([btc]),
    since: 0,
    serverTime: () => now,
    weightLimit: () => 6_000,
    hasArchive: false,
  });
  const total = simulator.candles(btc.symbol, btc.interval).length;

  const before = await history.read();
  assert.deepEqual(before.series, [{ ...btc, rows: 0, remaining: undefined }]);
  assert.equal(before.isComplete, false);

  await runCollect(jobs, [btc], signal);
  const stop = new AbortController();
  const onPage = () => stop.abort(new Error("enough"));
  await assert.rejects(() => runBackfill({ ...jobs, onPage }, [btc], stop.signal), /enough/);
  const { series: [part], left } = await history.read();
  assert.ok(part!.rows > 1_000 && part!.remaining! > 0);
  assert.equal(part!.rows + part!.remaining!, total);
  assert.deepEqual([left.rows, left.requests], [
    part!.remaining,
    Math.ceil(part!.remaining! / 1000),
  ]);

  await runBackfill(jobs, [btc], signal);
  await db.query("delete from klines where open_time = '2025-05-20T03:00Z'");
  await jobs.gaps.scan(btc);
  assert.deepEqual((await history.read()).series, [{ ...btc, rows: total - 1, remaining: 1 }]);
  await runBackfill(jobs, [btc], signal);
  const after = await history.read();
  assert.deepEqual(after.series, [{ ...btc, rows: total, remaining: 0 }]);
  assert.deepEqual([after.isComplete, after.left.weight], [true, 0]);
  await close();
});

Deno.test("runBackfill() logs its cost before the first request, and then its progress", async () => {
  await using simulator = await startSimulator({
    now,
    since: parseTime("2024-06-15"),
    frozen: true,
  });
  const { db, close } = await createTestDatabase();
  const lines: [string, Record<string, unknown>, number][] = [];
  const log = {
    ...silent,
    info: (message: string, fields: Record<string, unknown> = {}) =>
      void lines.push([message, fields, simulator.requests.list({ path: "endTime" }).length]),
  };
  let time = now;
  const jobs = { ...testJobs(db, [simulator.url], { log }), now: () => time += 11_000 };
  await runCollect(jobs, [btc], signal);
  const total = simulator.candles(btc.symbol, btc.interval).length;
  await runBackfill(jobs, [btc], signal);
  const [plan, asked] = lines.filter(([message]) => message === "Backfill planned")
    .map(([, fields, asked]) => [fields, asked] as const)[0]!;
  assert.deepEqual([plan["rows"], plan["requests"], plan["weight"]], [total - 1_000, 8, 16]);
  assert.equal(asked, 1, "only the first page of collect");
  const [message, last] = lines.findLast(([message]) => message.startsWith("Backfilling"))!;
  assert.equal(message, "Backfilling 100 %");
  assert.deepEqual([last["rows"], last["of"], last["weightLeft"]], [total, total, 0]);

  lines.length = 0;
  await runBackfill(jobs, [btc], signal);
  assert.deepEqual(lines.map(([message]) => message), ["Finished backfill"], "nothing to say");
  await close();
});
