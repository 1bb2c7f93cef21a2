import assert from "node:assert/strict";
import { endOf, shiftOpen } from "../../core/interval.ts";
import { parseTime } from "../../core/time.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../testing/klines.ts";
import { createTestDatabase } from "../../testing/postgres.ts";
import { parseDecimal } from "../../core/decimal.ts";
import { createChartReader } from "./chart_postgres.ts";
import { openExportFile } from "../../export/export_file.ts";
import { createKlineExporter } from "./export_postgres.ts";
import { createKlineStore } from "./klines_postgres.ts";
import { createRunLedger } from "./runs_postgres.ts";

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

Deno.test("provenance() returns source and revisions of each candle, in order", async () => {
  const all = await reader.provenance({ ...series, from: at(98), to: at(152) });
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
  const range = { ...series, from: at(198), to: at(202) };
  const before = await reader.proof(range, 1);
  await store.write(series, [klineAt(at(200), "1h")], await ledger.start("collect", "rest"));
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
