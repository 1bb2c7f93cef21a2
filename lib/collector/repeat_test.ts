import assert from "node:assert/strict";
import type { Series } from "../core/kline.ts";
import { parseTime } from "../core/time.ts";
import { type Db, openDatabase } from "../store/postgres/connection/database.ts";
import { openExportFile } from "../export/export_file.ts";
import { createKlineExporter } from "../store/postgres/reading/export_postgres.ts";
import { scene, served } from "../testing/collector_scene.ts";
import { momentBetween, silent, testCluster } from "../testing/database/postgres.ts";
import { runBackfill, runCollect, runRepair } from "./jobs.ts";

await testCluster();
const signal = new AbortController().signal;
const series: Series[] = ["BTCUSDT", "ETHUSDT"].map((symbol) => ({ symbol, interval: "4h" }));
const btc = series[0]!;

/** Location and transaction of each row: rewriting a row changes them, even with equal values. */
async function marksOf(db: Db) {
  const tables = ["klines", "kline_revisions", "kline_conflicts", "gaps", "symbols", "series"];
  const marks = tables.map((table) =>
    db.query(`select tableoid, ctid::text, xmin::text from ${table} order by 1, 2`)
  );
  return JSON.stringify(await Promise.all(marks));
}

Deno.test("repeated collect, backfill and repair write nothing but their run history", async () => {
  await using here = await scene();
  const round = async () => {
    await runCollect(here.jobs, series, signal);
    await runBackfill(here.jobs, series, signal);
    await runRepair(here.jobs, series, signal);
  };
  await round();
  await round(); // the first repair requests the first candles again
  const before = await marksOf(here.db);
  await round();
  await round();
  assert.equal(await marksOf(here.db) === before, true);
});

Deno.test("an export as of a time before a repair has the candle before its revision, and afterwards the revised one", async () => {
  await using here = await scene();
  await runCollect(here.jobs, series, signal);
  const before = await momentBetween(here.db);
  const openTime = parseTime("2025-06-10T08:00Z");
  const [old] = served(here.simulator, btc).filter((row) => row[0] === openTime);
  here.simulator.revise({ ...btc, openTime, change: { volume: "7777.12345000" } });
  assert.equal((await runRepair(here.jobs, series, signal)).corrected, 1);

  const exports = openDatabase({ url: here.url, log: silent, maxConnections: 1, idleTimeoutMs: 0 });
  const exporter = createKlineExporter(here.db, exports);
  const volumeAt = async (asOf?: number) => {
    const file = await openExportFile(exporter, {
      ...{ series: [btc], from: openTime, to: openTime + 1, format: "csv", time: "ms" } as const,
      ...asOf === undefined ? {} : { asOf },
    });
    return (await new Response(file.bytes()).text()).split("\n")[1]!.split(",")[5];
  };
  const volumes = [await volumeAt(before), await volumeAt()];
  await exports.close();
  assert.deepEqual(volumes, [old![5], "7777.12345000"]);
  const [revision] = await here.db.query<{ volume: string; source: string; replaced_at: number }>(
    `select volume, runs.source, replaced_at from kline_revisions
     join runs on runs.run_id = replaced_by where job = 'repair'`,
  );
  assert.deepEqual([revision!.volume, revision!.source], [old![5], "rest"]);
  assert.ok(revision!.replaced_at > before);
});
