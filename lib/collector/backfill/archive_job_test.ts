import assert from "node:assert/strict";
import { archiveFilesOf } from "../../core/archive_file.ts";
import type { Series } from "../../core/kline.ts";
import { parseTime } from "../../core/time.ts";
import { createArchive } from "../../binance/binance_archive.ts";
import type { ArchiveSource } from "../../ports/archive_source.ts";
import type { FaultKind } from "../../../packages/simulator/faults/fault_kinds.ts";
import { startSimulator } from "../../../packages/simulator/simulator.ts";
import { createStatusReader } from "../../store/postgres/status/status_postgres.ts";
import { listRuns } from "../../store/postgres/status/runs_postgres.ts";
import { storedRows, testJobs } from "../../testing/collector.ts";
import { createTestDatabase, silent } from "../../testing/database/postgres.ts";
import { loadArchive } from "./archive_job.ts";
import { backfillAll } from "./backfill_job.ts";
import { collectFrom } from "../collect.ts";
import { runBackfill, runCollect } from "../jobs.ts";
import { executeRun } from "../run.ts";
import { verifySeries } from "../verify.ts";

const { db, close } = await createTestDatabase();
const NOW = parseTime("2025-06-15T10:20:30Z");
const SINCE = parseTime("2024-11-10");
const simulator = await startSimulator({ now: NOW, since: SINCE, frozen: true });
Deno.test.afterAll(async () => {
  await simulator.close();
  await close();
});

/** No delay between attempts. */
const clock = { now: () => NOW, sleep: () => Promise.resolve() };
const archive = createArchive({ url: simulator.url, fetch, clock });
const never = () => new AbortController().signal;
const jobs = { ...testJobs(db, [simulator.url]), archive, now: () => NOW };

const served = ({ symbol, interval }: Series) =>
  simulator.candles(symbol, interval).map((row) => row.slice(0, 11));

/** Paths requested since the last call, without hosts. */
function asked(): string[] {
  const paths = simulator.requests.list({}).map(({ path }) => path);
  simulator.requests.clear();
  return paths;
}

/** A series with its newest 1000 candles stored. */
async function begin(symbol: string, interval: "5m" | "1h" = "1h"): Promise<Series> {
  const series = { symbol, interval };
  await runCollect(jobs, [series], never());
  asked();
  return series;
}

/** Loads all archive files, worthwhile or not, and then the rest from the API. */
async function loadAll(series: Series, { signal = never(), source = archive } = {}) {
  const { firstOpenTime } = await jobs.store.getState(series);
  const files = archiveFilesOf(series, { from: SINCE, to: firstOpenTime! }, NOW);
  await loadArchive({ ...jobs, archive: source }, [{ series, files, since: SINCE }], signal);
  await runBackfill(jobs, [series], signal);
}

const archiveRun = async () => (await listRuns(db, 10)).find(({ job }) => job === "archive")!;

Deno.test("history of a short interval comes in monthly files, and the rest from the API", async () => {
  const series = await begin("BTCUSDT", "5m");
  const plans: Record<string, unknown>[] = [];
  const info = (message: string, fields = {}) => {
    if (message.endsWith("planned")) plans.push({ message, ...fields });
  };
  const log = { ...silent, info };
  const recent = { ...jobs, log, historySince: parseTime("2025-04-20") };
  await backfillAll(recent, [series], never());
  const paths = asked();
  assert.deepEqual(
    await storedRows(db, series),
    served(series).filter(([open]) => Number(open) >= recent.historySince),
  );
  const months = paths.flatMap((path) => /\d{4}-\d{2}(?=\.zip$)/.exec(path) ?? []);
  assert.deepEqual(months, ["2025-05", "2025-04"]);
  const pages = paths.filter((path) => path === "/api/v3/klines").length;
  assert.ok(pages < 10, `${pages} pages for half a month`);
  const [byRequest, byFile, ...others] = plans;
  assert.equal(byRequest!["message"], "Backfill planned");
  assert.ok(pages - Number(byRequest!["requests"]) <= 2, "and the question for the listing");
  assert.deepEqual(byFile, { message: "Archive planned", rows: (11 + 31) * 288, files: 2 });
  assert.deepEqual(others, [], "no requests for what the files brought");
  const [row] = await db.query<{ rows: number }>(
    "select count(*) as rows from klines join runs using (run_id) where source = 'monthly'",
  );
  assert.ok(row!.rows > 40 * 288, `${row!.rows} rows`);
  await backfillAll(recent, [series], never());
  assert.deepEqual(asked().filter((path) => path.startsWith("/data")), [], "nothing is left");
});

Deno.test("invalid or unavailable files are recorded, and the API supplies their candles", async () => {
  const series = await begin("ETHUSDT");
  const faults = [
    ["wrong-checksum", "2024-12"],
    ["missing-checksum", "2025-01"],
    ["cut-file", "2025-02"],
    ["broken-zip", "2025-03"],
    ["missing-file", "2025-04"],
    ["header-line", "2024-11"],
  ] as [FaultKind, string][];
  for (const [kind, path] of faults) simulator.faults.add({ kind, path });
  await loadAll(series);
  simulator.faults.clear();
  assert.deepEqual(await storedRows(db, series), served(series));
  const { error, outcome } = await archiveRun();
  assert.equal(outcome, "partial");
  assert.match(error!, /ETHUSDT-1h-2024-12: .*its SHA-256 is/);
  assert.match(error!, /ETHUSDT-1h-2025-01: .*it has no checksum/);
  assert.match(error!, /ETHUSDT-1h-2025-02: .*its SHA-256 is/);
  assert.match(error!, /ETHUSDT-1h-2025-03: Cannot (unzip|read)/);
  assert.doesNotMatch(error!, /2025-04|2024-11/, "absence and a header line are no failure");
  const refusals = await createStatusReader(db).refusals({ limit: 10, offset: 0 });
  assert.deepEqual(
    refusals.items.map(({ name }) => name).sort(),
    ["12", "01", "02", "03"].map((month, i) => `ETHUSDT-1h-${i === 0 ? 2024 : 2025}-${month}`),
  );
  assert.deepEqual(await jobs.gaps.list({ ...series, class: "pending" }), []);
});

Deno.test("without an archive all candles come from the API", async () => {
  const series = await begin("SOLUSDT");
  simulator.faults.add({ kind: "503", path: "/data/" });
  await loadAll(series);
  simulator.faults.clear();
  assert.deepEqual(await storedRows(db, series), served(series));
  const files = new Set(asked().filter((path) => path.startsWith("/data")));
  assert.equal(files.size, 2, "two files in a row are enough to know");
  assert.match((await archiveRun()).error!, /SOLUSDT-1h-2025-05: Cannot get .*HTTP 503/);
});

Deno.test("an interrupted load continues with the remaining files", async () => {
  const series = await begin("XRPUSDT");
  const stop = new AbortController();
  const source: ArchiveSource = {
    open(file, signal) {
      if (file.name.endsWith("2025-02")) stop.abort(new Error("stopped"));
      return archive.open(file, signal);
    },
  };
  await assert.rejects(loadAll(series, { source, signal: stop.signal }), /stopped/);
  asked();
  await loadAll(series);
  assert.deepEqual(await storedRows(db, series), served(series));
  const again = asked().filter((path) => path.endsWith(".zip"));
  assert.ok(!again.some((path) => path.includes("2025-04")), again.join());
});

Deno.test("archive candles that differ are corrected by the API", async () => {
  const series = await begin("ADAUSDT");
  const month = { from: parseTime("2025-03-01"), to: parseTime("2025-04-01") };
  simulator.faults.add({ kind: "altered-rows", path: "2025-03" });
  await loadAll(series);
  simulator.faults.clear();
  const compare = () =>
    verifySeries({ ...jobs, source: jobs.openSource() }, series, month, never());
  const { differences } = await compare();
  assert.equal(differences.length, Math.ceil(31 * 24 / 10));
  assert.ok(differences.every(({ column }) => column === "volume"));
  const report = await executeRun(jobs, "repair", async (step) => {
    await collectFrom(step, series, month, never());
    return new Map();
  });
  assert.equal(report.corrected, differences.length);
  assert.deepEqual((await compare()).differences, []);
});

Deno.test("recent candles come in daily files; nothing before the wanted time is stored", async () => {
  const series = { symbol: "BTCUSDT", interval: "1m" } as const;
  const since = parseTime("2025-06-12T22:00:00Z");
  const files = archiveFilesOf(series, { from: since, to: parseTime("2025-06-14") }, NOW);
  const reports = await loadArchive(jobs, [{ series, files, since }], never());
  assert.deepEqual(reports.map(({ fetched }) => fetched), [2 * 60 + 1440]);
  const { firstOpenTime, rows } = await jobs.store.getState(series);
  assert.deepEqual([firstOpenTime, rows], [since, 2 * 60 + 1440]);
  const [run] = await db.query("select source, outcome from runs order by run_id desc limit 1");
  assert.deepEqual(run, { source: "daily", outcome: "done" });
});
