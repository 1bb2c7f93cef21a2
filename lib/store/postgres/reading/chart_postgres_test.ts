import assert from "node:assert/strict";
import { endOf, shiftOpen } from "../../../core/interval.ts";
import { DRAWN_COLUMNS } from "../../../core/kline.ts";
import { parseTime } from "../../../core/time.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { parseDecimal } from "../../../core/decimal.ts";
import { createKlineReader } from "./read_postgres.ts";
import { createChartReader } from "./chart_postgres.ts";
import { openExportFile } from "../../../export/export_file.ts";
import { createKlineExporter } from "./export_postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const series = { symbol: "BTCUSDT", interval: "1h" } as const;
const start = parseTime("2024-05-01");
const klines = klinesFrom(start, "1h", 200);
const at = (hour: number) => shiftOpen(start, "1h", hour);
const store = createKlineStore(db);
await store.saveSymbols([marketSymbol("BTCUSDT")]);
await store.openSeries(series);
const ledger = createRunLedger(db);
await store.write(series, klines.slice(0, 100), await ledger.start("import", "monthly"));
await store.write(series, klines.slice(103), await ledger.start("collect", "rest"));
const revised = klineAt(at(150), "1h", { volume: parseDecimal("7.25000000") });
await store.write(series, [revised], await ledger.start("audit", "rest"));
const reader = createChartReader(db);

const markNow = async () => (await reader.series("BTCUSDT"))[0]!;

Deno.test("series() returns the extent and mark of each series of a symbol", async () => {
  const [own, ...others] = await reader.series("BTCUSDT");
  assert.equal(others.length, 0);
  const { interval, rows, firstOpenTime, lastOpenTime, version } = own!;
  assert.deepEqual([interval, rows, firstOpenTime, lastOpenTime, version], [
    "1h",
    197,
    at(0),
    at(199),
    3,
  ]);
  assert.deepEqual(await reader.series("NOPEUSDT"), []);
});

Deno.test("candles() returns the values of the candles, and their source and revisions in order", async () => {
  const range = { from: at(98), to: at(152), limit: 1_000 };
  const { columns, origins: all } = await reader.candles({ ...series, ...range }, await markNow());
  const stored = await createKlineReader(db).columns({ ...series, ...range });
  for (const name of DRAWN_COLUMNS) assert.deepEqual(columns[name], stored[name], name);
  assert.deepEqual(all.map(({ openTime }) => openTime), [
    at(98),
    at(99),
    ...klines.slice(103, 152).map(({ openTime }) => openTime),
  ]);
  assert.deepEqual([...new Set(all.slice(0, 2).map(({ origin }) => origin))], ["monthly"]);
  assert.deepEqual([...new Set(all.slice(2).map(({ origin }) => origin))], ["rest"]);
  assert.deepEqual(
    all.filter(({ revisions }) => revisions > 0).map(({ openTime, revisions }) => [
      openTime,
      revisions,
    ]),
    [[at(150), 1]],
  );
  assert.ok(all.every(({ storedAt }) => storedAt > start));
});

Deno.test("candles() without a start returns the newest ones, without rows none", async () => {
  const mark = await markNow();
  const { columns, origins } = await reader.candles({ ...series, to: at(180), limit: 3 }, mark);
  assert.deepEqual(columns.open_time, [at(177), at(178), at(179)]);
  assert.deepEqual(origins.map(({ openTime }) => openTime), columns.open_time);
  const none = await reader.candles({ ...series, from: at(900), limit: 3 }, mark);
  assert.deepEqual([none.columns.close_price, none.origins], [[], []]);
});

Deno.test("candles() are read again only when the series has changed", async () => {
  const statements: string[] = [];
  const counted = createChartReader({
    ...db,
    query: <Row>(sql: string, values?: readonly unknown[]) => {
      statements.push(sql);
      return db.query<Row>(sql, values);
    },
  });
  const query = { ...series, limit: 2 };
  const mark = await markNow();
  const ask = async () => (await counted.candles(query, await markNow())).columns.open_time;
  const first = await ask();
  assert.deepEqual(await ask(), first);
  const reads = () => statements.filter((sql) => sql.includes("kline_revisions")).length;
  assert.equal(reads(), 1);
  await store.write(series, [klineAt(at(200), "1h")], await ledger.start("collect", "rest"));
  assert.deepEqual(await ask(), [at(199), at(200)]);
  assert.equal(reads(), 2);
  // A mark that is not the one of the stored state: the answer is current and is not kept.
  await counted.candles(query, mark);
  await counted.candles(query, mark);
  assert.equal(reads(), 4);
});

Deno.test("proof() returns the digest of the bytes of /export, recomputed for each version", async () => {
  const exporter = createKlineExporter(db, db);
  for (const [from, to] of [[at(90), at(120)], [at(0), at(200)], [at(900), at(901)]] as const) {
    const file = await openExportFile(exporter, {
      series: [series],
      from,
      to,
      format: "csv",
      time: "iso",
    });
    const bytes = await new Response(file.bytes()).bytes();
    const { version, rows } = file.heads[0]!;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    const proof = await reader.proof({ ...series, from, to }, version);
    assert.deepEqual(proof, { rows, sha256: digest });
  }
  const range = { ...series, from: at(198), to: at(203) };
  const before = await reader.proof(range, 1);
  await store.write(series, [klineAt(at(201), "1h")], await ledger.start("collect", "rest"));
  assert.deepEqual(await reader.proof(range, 1), before);
  assert.equal((await reader.proof(range, 2)).rows, before.rows + 1);
});

Deno.test("outline() returns about as many closes as requested, from first to last", async () => {
  const range = { ...series, from: at(0), to: endOf(at(199), "1h") };
  const outline = await reader.outline(range, 20);
  assert.equal(outline.length, 20);
  assert.equal(outline[0]!.openTime, at(0));
  assert.equal(outline[3]!.close, Number(klines[30]!.closePrice));
  const withGap = await reader.outline({ ...series, from: at(96), to: at(106) }, 10);
  assert.equal(withGap.length, 7, "three of ten hours are absent");
});
