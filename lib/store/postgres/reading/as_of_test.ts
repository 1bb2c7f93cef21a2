import assert from "node:assert/strict";
import { parseDecimal } from "../../../core/decimal.ts";
import type { Kline } from "../../../core/kline.ts";
import { openExportFile } from "../../../export/export_file.ts";
import { openExportScene } from "../../../testing/export_scene.ts";
import { klinesFrom } from "../../../testing/klines.ts";
import { momentBetween } from "../../../testing/database/postgres.ts";

const scene = await openExportScene(["BTCUSDT"]);
const { db, store, exporter, run } = scene;
Deno.test.afterAll(scene.close);

const series = { symbol: "BTCUSDT", interval: "1h" } as const;

/** Writes, and returns a later time by the database's clock, in milliseconds. */
async function write(klines: readonly Kline[]): Promise<number> {
  await store.write(series, klines, run);
  return await momentBetween(db);
}

async function volumesAt(asOf?: number): Promise<string[]> {
  const file = await openExportFile(exporter, {
    series: [series],
    format: "csv",
    time: "iso",
    ...asOf === undefined ? {} : { asOf },
  });
  const lines = (await new Response(file.bytes()).text()).trimEnd().split("\n").slice(1);
  assert.equal(lines.length, file.heads[0]!.rows, "the count agrees with the bytes");
  return lines.map((line) => line.split(",")[5]!);
}

Deno.test("open() with as_of returns the versions of that time, across all revisions", async () => {
  const [a, b, c] = klinesFrom("2024-01-01", "1h", 3).map((kline, i) => ({
    ...kline,
    volume: parseDecimal(`${i + 1}.0`),
  })) as [Kline, Kline, Kline];
  const before = Date.now() - 60_000;
  const first = await write([a, b]);
  const second = await write([{ ...b, volume: parseDecimal("2.5") }]);
  const third = await write([c]);
  const fourth = await write([{ ...b, volume: parseDecimal("2.50") }, c]);
  assert.deepEqual(await volumesAt(before), []);
  assert.deepEqual(await volumesAt(first), ["1.0", "2.0"]);
  assert.deepEqual(await volumesAt(second), ["1.0", "2.5"]);
  assert.deepEqual(await volumesAt(third), ["1.0", "2.5", "3.0"]);
  assert.deepEqual(await volumesAt(fourth), ["1.0", "2.50", "3.0"]);
  assert.deepEqual(await volumesAt(), ["1.0", "2.50", "3.0"]);
});
