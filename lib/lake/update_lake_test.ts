import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { type FileMetaData, parquetMetadata, parquetReadObjects } from "hyparquet";
import { type Decimal, parseDecimal } from "../core/decimal.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { DAY_MS, parseTime } from "../core/time.ts";
import type { LakeSource } from "../ports/lake_source.ts";
import { openDatabase } from "../store/postgres/connection/database.ts";
import { createLakeSource } from "../store/postgres/reading/export_postgres.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { klineAt, klinesFrom, marketSymbol } from "../testing/klines.ts";
import { createTestDatabase, silent } from "../testing/database/postgres.ts";
import { listParquet } from "./lake_folder.ts";
import { type Manifest, parseManifest } from "./lake_manifest.ts";
import { type LakeUpdate, updateLake } from "./update_lake.ts";
import { verifyLake } from "./verify_lake.ts";

const { db, url, close } = await createTestDatabase();
const exports = openDatabase({ url, log: silent, maxConnections: 2, idleTimeoutMs: 0 });
const root = await Deno.makeTempDir({ prefix: "wick-lake-" });
Deno.test.afterAll(async () => {
  await exports.close();
  await close();
  await Deno.remove(root, { recursive: true });
});

const BTC_1M = { symbol: "BTCUSDT", interval: "1m" } as const;
const BTC_1H = { symbol: "BTCUSDT", interval: "1h" } as const;
const CHINESE = { symbol: "币安人生USDT", interval: "1M" } as const;
const store = createKlineStore(db);
const source = createLakeSource(db, exports);
await store.saveSymbols(
  [BTC_1M, CHINESE, { symbol: "ETH." }].map(({ symbol }) => marketSymbol(symbol)),
);
const run = await createRunLedger(db).start("test", "rest");
const MINUTES = 40_000;
await store.write(BTC_1M, klinesFrom("2024-01-20", "1m", MINUTES), run);
await store.write(BTC_1H, klinesFrom("2023-12-20", "1h", 24 * 20), run);
await store.write(CHINESE, klinesFrom("2023-11-01", "1M", 4), run);

const { signal } = new AbortController();
let folders = 0;
const newFolder = () => `${root}/lake${folders++}`;

function update(folder: string, change: Partial<LakeUpdate> & { from?: LakeSource } = {}) {
  const { from = source, ...rest } = change;
  return updateLake(from, {
    root: folder,
    isSelected: undefined,
    signal,
    now: Date.now,
    ...rest,
  });
}

async function manifestOf(folder: string): Promise<Manifest> {
  return parseManifest(await Deno.readTextFile(`${folder}/_manifest.json`), folder);
}

async function pathsIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(listParquet(folder))).toSorted();
}

/** Content of all files by path, to see which were written. */
async function contentOf(folder: string): Promise<Map<string, string>> {
  const entries = (await pathsIn(folder)).map(async (path) => {
    const { ino, mtime } = await Deno.stat(`${folder}/${path}`);
    return [path, `${ino} ${mtime?.getTime()}`] as const;
  });
  return new Map(await Promise.all(entries));
}

/** Paths that were written, or removed, since `before`. */
async function changedIn(folder: string, before: Map<string, string>): Promise<string[]> {
  const after = await contentOf(folder);
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path)).toSorted();
}

async function readFile(path: string) {
  const file = (await Deno.readFile(path)).buffer;
  const metadata = parquetMetadata(file);
  const rows = await parquetReadObjects({
    file,
    compressors: { ZSTD: (packed) => new Uint8Array(zstdDecompressSync(packed)) },
  });
  return { metadata, rows };
}

/** Types of the decimal columns, in order. */
const decimalsOf = ({ schema }: FileMetaData) =>
  schema.filter(({ name }) => /price|volume/.test(name)).map((
    { converted_type, precision, scale },
  ) => converted_type === "DECIMAL" ? `${precision},${scale}` : converted_type);

/** Every candle of a series is in its files, in order and exactly once. */
async function assertHolds(folder: string, series: Series): Promise<void> {
  const stored = await store.read(series, { from: 0, to: parseTime("2030-01-01") });
  const { series: entries } = await manifestOf(folder);
  const entry = entries.find((one) => seriesName(one) === seriesName(series));
  const found: number[] = [];
  const trades: number[] = [];
  for (const { path, rows, first_open_time } of entry?.files ?? []) {
    const file = await readFile(`${folder}/${path}`);
    assert.equal(file.rows.length, rows);
    assert.equal(file.rows[0]!.open_time.toISOString(), first_open_time);
    for (const row of file.rows) {
      found.push(row.open_time.getTime());
      trades.push(row.number_of_trades);
    }
  }
  assert.deepEqual(found, stored.map(({ openTime }) => openTime));
  assert.deepEqual(trades, stored.map(({ numberOfTrades }) => numberOfTrades));
  const check = await verifyLake(folder, signal);
  assert.deepEqual(check.problems, []);
}

Deno.test("updateLake() writes short intervals by month, others by year, with names for every system", async () => {
  const folder = newFolder();
  const report = await update(folder);
  assert.deepEqual(await pathsIn(folder), [
    "symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT/interval=1mo/year=2023/2023.parquet",
    "symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT/interval=1mo/year=2024/2024.parquet",
    "symbol=BTCUSDT/interval=1h/year=2023/2023.parquet",
    "symbol=BTCUSDT/interval=1h/year=2024/2024.parquet",
    "symbol=BTCUSDT/interval=1m/year=2024/2024-01.parquet",
    "symbol=BTCUSDT/interval=1m/year=2024/2024-02.parquet",
  ]);
  assert.deepEqual({ ...report, writtenBytes: 0 }, {
    series: 3,
    files: 6,
    rows: MINUTES + 480 + 4,
    written: 6,
    writtenRows: MINUTES + 480 + 4,
    writtenBytes: 0,
    removed: 0,
    failed: [],
  });
  for (const series of [BTC_1M, BTC_1H, CHINESE]) await assertHolds(folder, series);
});

Deno.test("row groups have the ends of their open times, and all files the same types", async () => {
  const folder = newFolder();
  await update(folder);
  const types = new Set<string>();
  let groups = 0;
  for (const path of await pathsIn(folder)) {
    const { metadata, rows } = await readFile(`${folder}/${path}`);
    types.add(decimalsOf(metadata).join(" "));
    let at = 0;
    for (const { columns, num_rows } of metadata.row_groups) {
      const { statistics } = columns.find(({ meta_data }) =>
        meta_data?.path_in_schema[0] === "open_time"
      )!.meta_data!;
      assert.deepEqual(statistics!.min_value, rows[at]!.open_time);
      at += Number(num_rows);
      assert.deepEqual(statistics!.max_value, rows[at - 1]!.open_time);
      groups++;
    }
  }
  assert.ok(groups > 6);
  assert.deepEqual([...types], ["18,8 18,8 18,8 18,8 38,8 38,8 38,8 38,8"]);
});

Deno.test("_SHA256SUMS and _manifest.json describe every file; nothing else is visible", async () => {
  const folder = newFolder();
  await update(folder);
  const lines = (await Deno.readTextFile(`${folder}/_SHA256SUMS`)).trimEnd().split("\n");
  const manifest = await manifestOf(folder);
  assert.equal(lines.length, (await pathsIn(folder)).length);
  for (const line of lines) {
    const [sha256, path] = line.split("  ");
    const bytes = await Deno.readFile(`${folder}/${path}`);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256);
    const entry = manifest.series.flatMap(({ files }) => files).find((file) => file.path === path)!;
    assert.deepEqual([entry.sha256, entry.bytes], [sha256, bytes.length]);
  }
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assert.deepEqual(names.filter((name) => !/^[_.]/.test(name)).map((name) => name.split("=")[0]), [
    "symbol",
    "symbol",
  ]);
});

Deno.test("a second run writes nothing, not even the manifest", async () => {
  const folder = newFolder();
  await update(folder);
  const before = await contentOf(folder);
  const { mtime } = await Deno.stat(`${folder}/_manifest.json`);
  const report = await update(folder, { now: () => Date.now() + DAY_MS });
  assert.deepEqual([report.written, report.removed], [0, 0]);
  assert.deepEqual(await changedIn(folder, before), []);
  assert.deepEqual((await Deno.stat(`${folder}/_manifest.json`)).mtime, mtime);
});

Deno.test("new candles rewrite the last month, a correction its own month", async () => {
  const folder = newFolder();
  await update(folder);
  const before = await contentOf(folder);
  await store.write(BTC_1M, [klineAt("2024-01-25T00:00Z", "1m", { numberOfTrades: 77 })], run);
  assert.equal((await update(folder)).written, 1);
  assert.deepEqual(await changedIn(folder, before), [
    "symbol=BTCUSDT/interval=1m/year=2024/2024-01.parquet",
  ]);
  await assertHolds(folder, BTC_1M);

  const corrected = await contentOf(folder);
  await store.write(BTC_1M, klinesFrom("2024-02-29T23:59Z", "1m", 2), run);
  assert.equal((await update(folder)).written, 2);
  assert.deepEqual(await changedIn(folder, corrected), [
    "symbol=BTCUSDT/interval=1m/year=2024/2024-02.parquet",
    "symbol=BTCUSDT/interval=1m/year=2024/2024-03.parquet",
  ]);
  await assertHolds(folder, BTC_1M);
});

Deno.test("deleted candles, months and series leave the lake", async () => {
  const series = { symbol: "ETH.", interval: "1m" } as const;
  await store.write(series, klinesFrom("2024-01-31T23:00Z", "1m", 120), run);
  const folder = newFolder();
  await update(folder);
  const before = await contentOf(folder);
  const remove = (condition: string) =>
    db.query(
      `delete from klines where interval = '1m' and ${condition}
         and symbol_id = (select symbol_id from symbols where symbol = 'ETH.')
         and open_time > '2000-01-01'`,
    );
  await remove("open_time = '2024-01-31T23:30Z'");
  assert.equal((await update(folder)).written, 1);
  const own = "symbol=ETH%2E/interval=1m/year=2024";
  assert.deepEqual(await changedIn(folder, before), [`${own}/2024-01.parquet`]);
  await assertHolds(folder, series);

  await remove("open_time < '2024-02-01'");
  const { written, removed } = await update(folder);
  assert.deepEqual([written, removed], [0, 1]);
  await assertHolds(folder, series);

  await remove("true");
  await update(folder);
  assert.deepEqual((await pathsIn(folder)).filter((path) => path.includes("ETH")), []);
  await assert.rejects(Deno.stat(`${folder}/symbol=ETH%2E`), Deno.errors.NotFound);

  await store.write(series, klinesFrom("2024-01-31T23:00Z", "1m", 120), run);
  assert.equal((await update(folder)).written, 2);
  await db.query(
    `delete from series where interval = '1m'
       and symbol_id = (select symbol_id from symbols where symbol = 'ETH.')`,
  );
  // The series is gone, and candles without one are not exported.
  assert.deepEqual((await update(folder)).removed, 2);
  await remove("true");
});

Deno.test("a value that needs more digits gives all files a wider type, and no value is rounded", async () => {
  const folder = newFolder();
  await update(folder);
  const ENDLESS = `1.${"0".repeat(39)}1`; // longer than any decimal of Parquet
  const tiny = { symbol: "BTCUSDT", interval: "1d" } as const;
  await store.write(tiny, [
    klineAt("2024-01-01", "1d", {
      lowPrice: parseDecimal("0.000000000001"),
      volume: ENDLESS as Decimal,
    }),
  ], run);
  const report = await update(folder);
  assert.equal(report.written, report.files);
  const types = new Set<string>();
  for (const path of await pathsIn(folder)) {
    const { metadata } = await readFile(`${folder}/${path}`);
    types.add(decimalsOf(metadata).join(" "));
  }
  assert.deepEqual([...types], ["18,8 18,8 38,12 18,8 UTF8 38,8 38,8 38,8"]);
  const [path] = (await pathsIn(folder)).filter((one) => one.includes("interval=1d"));
  const { rows: [row] } = await readFile(`${folder}/${path}`);
  assert.equal(row!.volume, ENDLESS);
  for (const series of [BTC_1M, BTC_1H, CHINESE, tiny]) await assertHolds(folder, series);
  assert.equal((await update(folder)).written, 0);
  await db.query("delete from klines where interval = '1d' and open_time > '2000-01-01'");
});

Deno.test("files that were deleted or cut short are written again", async () => {
  const folder = newFolder();
  await update(folder);
  const [first, second] = await pathsIn(folder);
  await Deno.remove(`${folder}/${first}`);
  await Deno.truncate(`${folder}/${second}`, 100);
  const { problems } = await verifyLake(folder, signal);
  assert.deepEqual(problems.map((line) => line.split(": ")[1]?.slice(0, 13)), [
    "missing",
    "has 100 bytes",
  ]);
  assert.equal((await update(folder)).written, 2);
  assert.deepEqual((await verifyLake(folder, signal)).problems, []);
});

Deno.test("verifyLake() finds a changed byte and a file that is not in the manifest", async () => {
  const folder = newFolder();
  await update(folder);
  const [path] = await pathsIn(folder);
  const bytes = await Deno.readFile(`${folder}/${path}`);
  bytes[100]! ^= 1;
  await Deno.writeFile(`${folder}/${path}`, bytes);
  await Deno.copyFile(
    `${folder}/${path}`,
    `${folder}/symbol=BTCUSDT/interval=1h/year=2023/2022.parquet`,
  );
  const { problems } = await verifyLake(folder, signal);
  assert.deepEqual(problems, [
    `${path}: its SHA-256 differs`,
    "symbol=BTCUSDT/interval=1h/year=2023/2022.parquet: not in the manifest",
  ]);
});

Deno.test("a run that fails in the middle keeps what it has written, and the next one completes it", async () => {
  const folder = newFolder();
  let opened = 0;
  const failing: LakeSource = {
    ...source,
    open(series) {
      if (opened++ === 2) throw new Error("the database is gone");
      return source.open(series);
    },
  };
  await assert.rejects(update(folder, { from: failing }), /the database is gone/);
  assert.equal((await manifestOf(folder)).series.length, 2);
  // As a process leaves it that was killed before it had the file in the manifest.
  const stray = "symbol=OLDUSDT/interval=1h/year=2020/2020.parquet";
  await Deno.mkdir(`${folder}/symbol=OLDUSDT/interval=1h/year=2020`, { recursive: true });
  await Deno.writeTextFile(`${folder}/${stray}`, "");
  const report = await update(folder);
  assert.deepEqual([report.series, report.written], [3, 2]);
  await assert.rejects(Deno.stat(`${folder}/symbol=OLDUSDT`), Deno.errors.NotFound);
  for (const series of [BTC_1M, BTC_1H, CHINESE]) await assertHolds(folder, series);
});

Deno.test("a file that cannot be written fails its series only", async () => {
  const folder = newFolder();
  await Deno.mkdir(`${folder}/symbol=BTCUSDT/interval=1h/year=2023/2023.parquet`, {
    recursive: true,
  });
  await Deno.writeTextFile(
    `${folder}/_manifest.json`,
    await (async () => {
      const other = newFolder();
      await update(other, { isSelected: ({ interval }) => interval === "1M" });
      const empty = { ...await manifestOf(other), series: [] };
      return JSON.stringify(empty);
    })(),
  );
  const report = await update(folder);
  assert.equal(report.failed.length, 1);
  assert.match(report.failed[0]!, /^Cannot write \S+2023\.parquet: it is a folder/);
  assert.equal(report.series, 2);
  await Deno.remove(`${folder}/symbol=BTCUSDT/interval=1h/year=2023`, { recursive: true });
  assert.deepEqual((await update(folder)).failed, []);
  await assertHolds(folder, BTC_1H);
});

Deno.test("a selection leaves the other series of the lake as they are", async () => {
  const folder = newFolder();
  const isSelected = ({ interval }: Series) => interval === "1h";
  assert.equal((await update(folder, { isSelected })).series, 1);
  await update(folder);
  await store.write(BTC_1H, klinesFrom("2024-01-09", "1h", 1), run);
  await store.write(CHINESE, klinesFrom("2024-03-01", "1M", 1), run);
  const before = await contentOf(folder);
  await update(folder, { isSelected });
  assert.deepEqual(await changedIn(folder, before), [
    "symbol=BTCUSDT/interval=1h/year=2024/2024.parquet",
  ]);
  await assert.rejects(
    update(folder, { isSelected: () => false }),
    { code: "not_found", message: `Cannot update ${folder}: no selected series is stored` },
  );
});

Deno.test("a series that was collected again from nothing is written again", async () => {
  const folder = newFolder();
  await update(folder);
  await db.query("update series set lineage = lineage + 1 where interval = '1h'");
  assert.equal((await update(folder)).written, 2);
  await assertHolds(folder, BTC_1H);
});

Deno.test("one process writes a lake at a time; other folders and databases are refused", async () => {
  const folder = newFolder();
  const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
  const slow: LakeSource = {
    ...source,
    async listStored() {
      opened();
      await mayGoOn;
      return await source.listStored();
    },
  };
  const first = update(folder, { from: slow });
  await isOpen;
  await assert.rejects(update(folder), { code: "busy" });
  goOn();
  await first;

  const other: LakeSource = {
    ...source,
    listStored: async () =>
      (await source.listStored()).map((one) => ({ ...one, lineage: one.lineage + 5 })),
  };
  const before = await contentOf(folder);
  await assert.rejects(update(folder, { from: other }), {
    code: "invalid_input",
    message: /none of its 3 series is in this database/,
  });
  assert.deepEqual(await changedIn(folder, before), []);

  const foreign = newFolder();
  await Deno.mkdir(foreign);
  await Deno.writeTextFile(`${foreign}/thesis.txt`, "");
  await assert.rejects(update(foreign), { code: "invalid_input", message: /other content/ });
  assert.deepEqual([...Deno.readDirSync(foreign)].map(({ name }) => name), ["thesis.txt"]);
  await Deno.remove(`${foreign}/thesis.txt`);
  await Deno.mkdir(`${foreign}/lost+found`);
  assert.equal((await update(foreign)).series, 3);
});

Deno.test("a damaged manifest is reported and left as it is", async () => {
  const folder = newFolder();
  await update(folder);
  for (const text of ["{", "{}", '{"format":2}']) {
    await Deno.writeTextFile(`${folder}/_manifest.json`, text);
    await assert.rejects(update(folder), {
      code: "bad_payload",
      message: /^Cannot read \S+json: /,
    });
    assert.equal(await Deno.readTextFile(`${folder}/_manifest.json`), text);
  }
});
