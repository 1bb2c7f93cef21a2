import assert from "node:assert/strict";
import { basename } from "node:path";
import { type Interval, isInterval } from "../core/interval.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { createKlineReader } from "../store/postgres/reading/read_postgres.ts";
import { storedRows, testJobs } from "../testing/collector.ts";
import { createTestDatabase, testCluster } from "../testing/database/postgres.ts";
import { runBackfill, runCollect } from "./jobs.ts";

await testCluster();
const signal = new AbortController().signal;

/** Rows as the exchange has served them, irregularities included, in its own column order. */
const ODD_HOURS = `
2017-09-06T14:00:00.000,10,12,9,11,5,2017-09-06T14:59:59.999
2017-09-06T15:00:00.000,11,12,9,11,5,2017-09-06T16:00:00.000
2017-09-06T16:00:00.000,11,12,9,11,5,2017-09-06T16:59:59.999
2017-09-06T23:00:00.000,11,12,9,11,5,2017-09-06T23:59:59.999
2018-02-08T00:00:00.000,11,12,9,11,5,2018-02-08T00:28:14.788
2018-02-09T09:28:14.789,11,12,9,11,5,2018-02-09T10:28:14.788
2018-02-09T10:28:14.789,11,12,9,11,5,2018-02-09T11:28:14.788
2018-02-09T11:00:00.000,11,12,9,11,5,2018-02-09T11:59:59.999
2020-12-04T11:00:00.000,11,12,9,10,1,2020-12-04T11:59:59.999
2020-12-04T11:00:00.000,11,12,9,11,5,2020-12-04T11:59:59.999
2020-12-21T14:00:00.000,11,11,11,11,0,2020-12-21T13:47:20.521
2020-12-21T18:00:00.000,11,12,9,11.500,5,2020-12-21T18:59:59.999`;

async function fixture(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const lines = ODD_HOURS.trim().split("\n").map((line) => {
    const [open, ...rest] = line.split(",");
    const close = Date.parse(`${rest.pop()}Z`);
    const traded = rest.at(-1) === "0" ? ["0", 0, "0", "0"] : ["55.5", 3, "1.0", "11.0"];
    return [Date.parse(`${open}Z`), ...rest, close, ...traded, "0"].join();
  });
  await Deno.writeTextFile(`${folder}/BTCUSDT-1h.odd.csv`, lines.join("\n") + "\n");
  return `${folder}/BTCUSDT-1h.odd.csv`;
}

/** Collects a file from the exchange that replays it; returns the stored and the served rows. */
async function replay(path: string) {
  const [, symbol, interval] = /^([A-Z0-9]+)-(\w+?)[.-]/.exec(basename(path))!;
  assert.ok(isInterval(interval!), path);
  const series = { symbol: symbol!, interval: interval as Interval };
  await using simulator = await startSimulator({ csv: [path] });
  const { db, close } = await createTestDatabase();
  const jobs = testJobs(db, [simulator.url]);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(60_000)]); // paging must end
  await runCollect(jobs, [series], limit);
  await runBackfill(jobs, [series], limit);
  const stored = await storedRows(db, series);
  const gaps = await jobs.gaps.list({});
  const offGrid = async () => (await createKlineReader(db).coverage())[0]!.offGrid;
  const counted = await offGrid();
  await db.query("update series set off_grid = -1, scanned_version = null");
  await jobs.gaps.scan(series); // recounts the rows
  assert.equal(counted, await offGrid());
  await close();
  const served = simulator.candles(series.symbol, series.interval).map((row) => row.slice(0, 11));
  return { stored, served, gaps, counted };
}

Deno.test("a file with outage stubs, off-grid opens and odd close times is stored completely and unchanged", async () => {
  const { stored, served, gaps, counted } = await replay(await fixture());
  assert.equal(counted, 2, "opens off the grid are counted");
  assert.equal(served.length, 11, "the repeated row counts once");
  assert.deepEqual(stored, served);
  const byOpen = new Map(stored.map((row) => [new Date(row[0] as number).toISOString(), row]));
  assert.equal(byOpen.get("2020-12-04T11:00:00.000Z")![5], "5", "its last version");
  assert.equal(byOpen.get("2020-12-21T18:00:00.000Z")![4], "11.500");
  assert.deepEqual(
    gaps.map((gap) => [new Date(gap.from).toISOString(), gap.missing, gap.class]).slice(0, 2),
    [
      ["2017-09-06T17:00:00.000Z", 6, "exchange_outage"],
      ["2017-09-07T00:00:00.000Z", 3696, "delisted"],
    ],
  );
});
