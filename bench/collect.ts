import { createArchive } from "../lib/binance/binance_archive.ts";
import { systemClock } from "../lib/clock.ts";
import { loadArchive } from "../lib/collector/backfill/archive_job.ts";
import { runBackfill, runCollect } from "../lib/collector/jobs.ts";
import { archiveFilesOf, archivePath } from "../lib/core/archive_file.ts";
import { DAY_MS } from "../lib/core/time.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { storedRows, testJobs } from "../lib/testing/collector.ts";
import { copyPerSecond } from "./copy_limit.ts";
import { type Figure, inTurn } from "./figure.ts";
import { spawnSimulator } from "./simulator_process.ts";

const SYMBOLS = ["BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "TRX", "AVAX", "LINK"];
const RUNS = 3;
const SINCE = "2023-01-01";
/** Months of 1m candles, in files of the archive. */
const ARCHIVED = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2025, 2, 1) };

type TestDatabase = Awaited<ReturnType<typeof createTestDatabase>>;

/** Collecting from the exchange and from its archive, compared with COPY of the same rows. */
export async function benchCollect(): Promise<Figure[]> {
  const options = `--since ${SINCE} --no-outages --cache-mb 1024 --weight-limit 1000000`;
  const simulator = await spawnSimulator(options.split(" "));
  const collected = await compareWithCopy((database) => collect(database, simulator.url));
  const files = await download(simulator.url);
  await simulator.stop();
  const imported = await compareWithCopy((database) => importFiles(database, files));
  return [
    { ...collected, name: "collect 30 series over HTTP", budget: 0.7 },
    { ...imported, name: `import ${files.size / 2} monthly zips of 1m`, budget: 0.6 },
  ];
}

/** Measures `store` on an empty database, and COPY of what it has stored. */
async function compareWithCopy(
  store: (database: TestDatabase) => Promise<void>,
): Promise<Omit<Figure, "name" | "budget">> {
  let database: TestDatabase | undefined;
  const storePerSecond = async () => {
    database = await createTestDatabase();
    const start = performance.now();
    await store(database);
    const seconds = (performance.now() - start) / 1_000;
    const [count] = await database.db.query<{ rows: number }>(
      "select count(*)::int as rows from klines",
    );
    if (count!.rows === 0) throw new Error("Nothing was stored");
    return count!.rows / seconds;
  };
  const copy = async () => {
    const perSecond = await copyPerSecond(database!.db);
    await database!.close();
    return perSecond;
  };
  await storePerSecond(); // the simulator computes its candles once
  await database!.close();
  const { a, b } = await inTurn(storePerSecond, copy, RUNS);
  return { limit: "COPY FROM", unit: "rows/s", measured: a, limitMeasured: b };
}

async function collect({ db }: TestDatabase, url: string): Promise<void> {
  const series = SYMBOLS.flatMap((base) =>
    (["1h", "4h", "1d"] as const).map((interval) => ({ symbol: `${base}USDT`, interval }))
  );
  const { signal } = new AbortController();
  const jobs = testJobs(db, [url], { maxWaitMs: Infinity });
  await runCollect(jobs, series, signal);
  await runBackfill(jobs, series, signal);
  if ((await storedRows(db, series[0]!)).length === 0) throw new Error("Nothing was collected");
}

/** As in a backfill, several series at a time. */
const ARCHIVE_ORDERS = SYMBOLS.slice(0, 3).map((base) => {
  const series = { symbol: `${base}USDT`, interval: "1m" } as const;
  const files = archiveFilesOf(series, ARCHIVED, ARCHIVED.to + 30 * DAY_MS);
  return { series, files, since: ARCHIVED.from };
});

/** The zips and their checksums, by path. */
async function download(url: string): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const file of ARCHIVE_ORDERS.flatMap(({ files }) => files)) {
    for (const path of [archivePath(file), `${archivePath(file)}.CHECKSUM`]) {
      files.set(path, await (await fetch(url + path)).bytes());
    }
  }
  return files;
}

/** Imports files from memory, so that the speed of the network does not count. */
async function importFiles(
  { db }: TestDatabase,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const url = "http://archive.test";
  const fromMemory = (address: unknown) =>
    Promise.resolve(new Response(files.get(String(address).slice(url.length))!));
  const archive = createArchive({ url, fetch: fromMemory as typeof fetch, clock: systemClock });
  const jobs = { ...testJobs(db, [url]), archive, now: Date.now };
  const reports = await loadArchive(jobs, ARCHIVE_ORDERS, new AbortController().signal);
  if (reports.some(({ new: rows }) => rows === 0)) throw new Error("Nothing was imported");
}
