import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { DatabaseSync } from "node:sqlite";
import { zstdCompressSync } from "node:zlib";
import {
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Table,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { ByteWriter, parquetWrite } from "hyparquet-writer";
import { openImportScene } from "../testing/import_scene.ts";

// Compressed and binary files: cut off, in parts, or with tables and columns of other programs.
const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());
const { importFiles, write } = scene;

const NAMES = ["timestamp", "open", "high", "low", "close", "volume"];
const rowsOf = (count: number) =>
  scene.candles("BTCUSDT", "2024-06-01", count).map((row) => row.slice(0, 6));
const csvOf = (count: number) => [NAMES, ...rowsOf(count)].map((row) => row.join()).join("\n");

async function countImported(): Promise<number> {
  const [row] = await scene.db.query<{ count: number }>(
    "select count(*) as count from imported_klines",
  );
  return row!.count;
}

Deno.test("import rejects a .zst file that is cut off anywhere, and stores nothing of it", async () => {
  const whole = new Uint8Array(zstdCompressSync(csvOf(6_000)));
  for (const end of [8, whole.length / 4, whole.length / 2, whole.length - 3]) {
    const path = await write("BTCUSDT-1h.csv.zst", whole.slice(0, end));
    const { code, out, err } = await importFiles(path);
    assert.deepEqual([code, out], [1, ""], String(end));
    assert.match(err, /^Cannot decompress \S+BTCUSDT-1h.csv.zst: .*cut off or damaged\n$/);
  }
  assert.equal(await countImported(), 0);
});

Deno.test("import reads all frames of a .zst file, as parallel compressors write them", async () => {
  const text = csvOf(200);
  const half = text.length / 2;
  const frames = [text.slice(0, half), text.slice(half)].map((part) => zstdCompressSync(part));
  const path = await write("BTCUSDT-1h.csv.zst", new Uint8Array(Buffer.concat(frames)));
  const { code, out, err } = await importFiles(path);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /199 candles: 199 kept apart/);
});

Deno.test("import reads an Arrow stream, and rejects a stream or file that is cut off", async () => {
  const columns = NAMES.map((name, i) =>
    [name, vectorFromArray(rowsOf(50).map((row) => row[i]!), new Utf8())] as const
  );
  const stream = RecordBatchStreamWriter.writeAll(new Table(Object.fromEntries(columns)))
    .toUint8Array(true);
  const path = await write("BTCUSDT-1h.arrow", stream);
  const { code, out, err } = await importFiles(path);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /49 candles: /);
  const file = RecordBatchFileWriter.writeAll(new Table(Object.fromEntries(columns)))
    .toUint8Array(true);
  const cutFile = await write("BTCUSDT-1h.feather", file.slice(0, file.length / 2));
  assert.match(
    (await importFiles(cutFile)).err,
    /BTCUSDT-1h.feather as an Arrow file: it is cut off/,
  );
  const cut = await write("BTCUSDT-1h.arrow", stream.slice(0, stream.length / 2));
  const rejected = await importFiles(cut);
  assert.equal(rejected.code, 1, rejected.out);
  assert.match(rejected.err, /^Cannot read \S+BTCUSDT-1h.arrow as an Arrow file: /);
});

Deno.test("import reads a Parquet file that has nested columns before and after the candle's", async () => {
  const rows = rowsOf(50);
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    schema: [
      { name: "root", num_children: 8 },
      ...nested("before"),
      ...NAMES.map((name) => ({ name, type: "DOUBLE" as const })),
      ...nested("after"),
    ],
    columnData: [
      { name: "before", data: rows.map(() => ({ a: 1, b: 2 })) },
      ...NAMES.map((name, i) => ({ name, data: rows.map((row) => Number(row[i])) })),
      { name: "after", data: rows.map(() => ({ a: 1, b: 2 })) },
    ],
  });
  writer.finish();
  const path = await write("BTCUSDT-1h.parquet", new Uint8Array(writer.getBuffer()));
  const { code, out, err } = await importFiles(path);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /49 candles: /);
});

/** A group of two columns. */
function nested(name: string) {
  const leaf = { type: "INT32", repetition_type: "OPTIONAL" } as const;
  return [
    { name, num_children: 2, repetition_type: "OPTIONAL" as const },
    { name: "a", type: leaf.type, repetition_type: leaf.repetition_type },
    { name: "b", type: leaf.type, repetition_type: leaf.repetition_type },
  ];
}

Deno.test("import reports an SQLite table that has Gekko's name but not its columns", async () => {
  const path = `${scene.folder}/other.sqlite`;
  const database = new DatabaseSync(path);
  database.exec("create table candles_USDT_BTC (id integer, note text)");
  database.close();
  const { code, out, err } = await importFiles(path);
  assert.deepEqual([code, out], [1, ""]);
  assert.equal(
    err.trim(),
    `Cannot read ${path}, table candles_USDT_BTC, as an SQLite file: no such column: start`,
  );
});

Deno.test("import and audit report a database table without rows", async () => {
  await scene.db.query("create table empty_candles (timestamp bigint, open float8, close float8)");
  for (const command of ["import", "audit"]) {
    const { code, out, err } = await scene.task(command, scene.url, "--table", "empty_candles");
    assert.equal(code, 1, out);
    assert.match(err, /table empty_candles: it has no rows/);
  }
});

Deno.test("import of a database table that its user may not read reports the missing right", async () => {
  await scene.db.query("create table private_candles (timestamp bigint, open float8)");
  const role = `reader_${crypto.randomUUID().slice(0, 8)}`;
  await scene.db.query(`create role ${role} login password 'reader'`);
  const address = new URL(scene.url);
  address.username = role;
  address.password = "reader";
  try {
    const { code, err } = await importFiles(address.href, "--table", "private_candles");
    assert.equal(code, 1);
    assert.match(err, /table private_candles: permission denied for table private_candles; check/);
    address.password = "wrong";
    const refused = await importFiles(address.href, "--table", "private_candles");
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /^Cannot read postgres:\S+, table \S+: password authentication failed/,
    );
    assert.ok(!refused.err.includes("DATABASE_URL"), refused.err);
  } finally {
    await scene.db.query(`drop role ${role}`);
  }
});
