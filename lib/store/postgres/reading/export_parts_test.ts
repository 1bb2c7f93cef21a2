import assert from "node:assert/strict";
import { join } from "node:path";
import { parseDecimal } from "../../../core/decimal.ts";
import { type FileRequest, openExportFile } from "../../../export/export_file.ts";
import { runClient } from "../../../testing/client_program.ts";
import { openExportScene } from "../../../testing/export_scene.ts";
import { openConnections } from "../../../testing/database/postgres.ts";
import { klinesFrom } from "../../../testing/klines.ts";
import { createKlineExporter } from "./export_postgres.ts";

// Limits for long series, reduced: 700 of 10,000 rows at a time, with a gap.
const scene = await openExportScene(["ETHUSDT"]);
const { db, exports, store, exporter: whole, run } = scene;
Deno.test.afterAll(scene.close);
await openConnections(exports, 2);

const series = { symbol: "ETHUSDT", interval: "1m" } as const;
const klines = klinesFrom("2024-01-01", "1m", 10_000).toSpliced(3_000, 1_500);
const [precise, large] = ["0.0000000001", "12345678901.5"].map(parseDecimal);
klines[7_000] = { ...klines[7_000]!, volume: precise! };
klines[400] = { ...klines[400]!, volume: large! };
await store.write(series, klines, run);

const inParts = createKlineExporter(db, exports, { partRows: 700 });
const open = (exporter: typeof whole, query: Partial<FileRequest> = {}) =>
  openExportFile(exporter, { series: [series], format: "csv", time: "iso", ...query });

async function mapOf(exporter: typeof whole, query: Partial<FileRequest>) {
  const file = await open(exporter, query);
  const map = await file.map(crypto.randomUUID());
  await file.close();
  return map;
}

async function digitsOf(exporter: typeof whole, query: Partial<FileRequest>) {
  const view = await exporter.open({ series: [series], format: "parquet", ...query });
  const measuring = view.measure([0]);
  let parts = 1;
  let step = await measuring.next();
  for (; !step.done; step = await measuring.next()) parts++;
  await view.close();
  return { parts, sizes: step.value };
}

const QUERIES: Partial<FileRequest>[] = [
  {},
  { from: klines[10]!.openTime, to: klines[6_000]!.openTime },
  { from: klines[2_999]!.openTime + 1, to: klines[3_000]!.openTime },
  { asOf: Date.now() + 60_000 },
];

Deno.test("a long series measured in parts has the same sizes and digits", async () => {
  for (const query of QUERIES) {
    const [one, many] = [await mapOf(whole, query), await mapOf(inParts, query)];
    assert.equal(many.size, one.size);
    const all = await digitsOf(inParts, query);
    assert.deepEqual(all.sizes, (await digitsOf(whole, query)).sizes);
    const isShort = query.to === klines[3_000]!.openTime;
    assert.ok(isShort ? all.parts === 1 : all.parts > 8, `${all.parts} parts`);
  }
  const { sizes } = await digitsOf(inParts, {});
  assert.deepEqual(sizes.get("volume"), { precision: 21, scale: 10 });
});

Deno.test("byte ranges located by a map of parts equal those of the file", async () => {
  const bytes = await new Response((await open(whole)).bytes()).bytes();
  const { size } = await mapOf(inParts, {});
  assert.equal(size, bytes.length);
  for (const [first, last] of [[0, 99], [size / 3 | 0, size / 2 | 0], [size - 50, size - 1]]) {
    const file = await open(inParts);
    const map = await file.map("parts");
    const part = await new Response(file.part(map, { first: first!, last: last! })).bytes();
    assert.deepEqual(part, bytes.slice(first, last! + 1));
  }
});

Deno.test("DuckDB reads the Parquet file of a series measured in parts, including the padding", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wick-parts-" });
  const files = await Promise.all([whole, inParts].map(async (exporter, i) => {
    const path = join(folder, `${i}.parquet`);
    const file = await open(exporter, { format: "parquet" });
    await Deno.writeFile(path, file.bytes());
    return { path, size: (await Deno.stat(path)).size };
  }));
  assert.equal(files[1]!.size - files[0]!.size, Math.ceil(klines.length / 700) - 1);
  const [one, many] = files.map(({ path }) => `read_parquet('${path}')`);
  const { out, err, code } = await runClient("duckdb", [
    `select (select count(*) from (from ${one} except all from ${many})),
       (select count(*) from (from ${many} except all from ${one})),
       (select count(*) from ${many}), (select min(volume)::text from ${many})`,
  ]);
  await Deno.remove(folder, { recursive: true });
  assert.equal(code, 0, err);
  assert.deepEqual(JSON.parse(out), [["0", "0", String(klines.length), precise]]);
});
