import assert from "node:assert/strict";
import { openImportScene } from "../testing/import_scene.ts";

const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());

const ROWS = 110_000;
const START = Date.UTC(2024, 0);
const HEADER = "time,open,high,low,close,volume";
const rows = Array.from({ length: ROWS }, (_, i) => {
  const open = 100 + i % 50;
  return `${START + i * 60_000},${open},${open + 1},${open - 1},${open},${1 + i % 7}.5`;
});
const inOrder = (lines: readonly string[]) => scene.write("ADAUSDT_1m.csv", [HEADER, ...lines]);
const alone = (path: string) =>
  scene.taskWith({ BINANCE_URLS: "http://127.0.0.1:9" }, "import", path);

Deno.test("files too long to be sorted are read in parts, oldest or newest first", async () => {
  for (const lines of [rows, rows.toReversed()]) {
    await scene.db.query("delete from imported_klines");
    const { code, out, err } = await alone(await inOrder(lines));
    assert.equal(code, 0, err);
    assert.match(out, new RegExp(`ADAUSDT 1m, ${ROWS - 1} candles: ${ROWS - 1} kept apart`));
    assert.match(out, /the candle of 2024-03-17T09:19:00.000Z \(line \d+\) left out/);
    const [found] = await scene.db.query<{ rows: number; first: number; last: number }>(
      "select count(*) as rows, min(open_time) as first, max(open_time) as last from imported_klines",
    );
    assert.deepEqual(found, {
      rows: ROWS - 1,
      first: START,
      last: START + (ROWS - 2) * 60_000,
    });
  }
});

Deno.test("neighbouring rows of a long file that repeat or contradict are found; disorder is refused", async () => {
  await scene.db.query("delete from imported_klines");
  const twice = rows.toSpliced(105_000, 0, rows[104_999]!, rows[105_000]!.replace(/[^,]+$/, "9"));
  const { code, out, err } = await alone(await inOrder(twice));
  assert.equal(code, 1);
  assert.match(
    err,
    /line 105003: it contradicts line 105002|line 105004: it contradicts line 105003/,
  );
  assert.match(out, new RegExp(`${ROWS - 2} kept apart .*, 1 repeated, 1 invalid rows skipped`));
  await scene.db.query("delete from imported_klines");
  const mixed = await alone(await inOrder([...rows.slice(50_000), ...rows.slice(0, 50_000)]));
  assert.equal(mixed.code, 1);
  assert.match(mixed.err, /, line \d+: files of more than 100000 rows must be sorted by open time/);
  assert.deepEqual(await scene.db.query("select from imported_klines limit 1"), []);
});
