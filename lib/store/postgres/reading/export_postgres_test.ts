import assert from "node:assert/strict";
import { parseDecimal } from "../../../core/decimal.ts";
import { KLINE_COLUMNS } from "../../../core/kline.ts";
import { parseTime } from "../../../core/time.ts";
import { type FileRequest, openExportFile } from "../../../export/export_file.ts";
import { openExportScene } from "../../../testing/export_scene.ts";
import { klineAt, klinesFrom } from "../../../testing/klines.ts";
import { openConnections } from "../../../testing/database/postgres.ts";
import { waitFor } from "../../../testing/server_process.ts";

const scene = await openExportScene(["ETHUSDT"]);
const { db, exports, store, exporter, run } = scene;
Deno.test.afterAll(scene.close);

const series = { symbol: "ETHUSDT", interval: "4h" } as const;
const long = { symbol: "ETHUSDT", interval: "1m" } as const;
const klines = [
  klineAt("2024-01-01T00:00Z", "4h", { volume: parseDecimal("0.06350000") }),
  klineAt("2024-01-01T04:00Z", "4h", { closeTime: parseTime("2024-01-01T04:28:14.788Z") }),
  klineAt("2024-01-01T12:00Z", "4h", { openPrice: parseDecimal("0") }),
];
await store.write(series, klines, run);
for (let day = 1; day <= 40; day++) {
  await store.write(long, klinesFrom(Date.UTC(2024, 0, day), "1m", 1440), run);
}
await openConnections(exports, 2);
await openConnections(db, 5);

/** Waits until PostgreSQL has sent as much of a COPY as is accepted, or all of it. */
async function untilCopyRests(): Promise<void> {
  await waitFor(async () => {
    const busy = await db.query(
      `select from pg_stat_activity where datname = current_database() and query ilike 'copy%'
         and state = 'active' and wait_event is distinct from 'ClientWrite'`,
    );
    return busy.length === 0;
  });
}

const open = (query: Partial<FileRequest> = {}) =>
  openExportFile(exporter, { series: [series], format: "csv", time: "iso", ...query });

async function exported(query: Partial<FileRequest> = {}) {
  const file = await open(query);
  const text = await new Response(file.bytes()).text();
  return { ...file.heads[0]!, text };
}

Deno.test("open() writes CSV: header, ISO times, every digit", async () => {
  const { text, rows, gaps, version } = await exported();
  assert.equal(rows, 3);
  assert.equal(gaps, 1);
  assert.equal(version, 1);
  const [header, ...lines] = text.trimEnd().split("\n");
  assert.equal(header, KLINE_COLUMNS.join());
  const [a, b] = klines;
  assert.equal(
    lines[0],
    `2024-01-01T00:00:00.000Z,${a!.openPrice},${a!.highPrice},${a!.lowPrice},${a!.closePrice},` +
      `0.06350000,2024-01-01T03:59:59.999Z,${a!.quoteAssetVolume},${a!.numberOfTrades},` +
      "1.00000000,0.06350000",
  );
  assert.ok(lines[1]!.includes("2024-01-01T04:28:14.788Z"));
  assert.equal(lines[1]!.split(",")[1], b!.openPrice);
  assert.equal(lines.length, 3);
});

Deno.test("open() includes from and excludes to", async () => {
  const { text, rows } = await exported({
    from: parseTime("2024-01-01T04:00Z"),
    to: parseTime("2024-01-01T12:00Z"),
  });
  assert.equal(rows, 1);
  assert.match(text, /\n2024-01-01T04:00:00\.000Z,[^\n]*\n$/);
});

Deno.test("open() of a range without candles writes only the header", async () => {
  const { text, rows } = await exported({ from: parseTime("2030-01-01") });
  assert.equal(rows, 0);
  assert.equal(text, KLINE_COLUMNS.join() + "\n");
});

Deno.test("open() writes binance's archive layout: ms, 12 columns, no header", async () => {
  const { text } = await exported({ format: "binance" });
  const [first] = text.split("\n");
  assert.match(first!, /^1704067200000,[\d.]+,[\d.]+,[\d.]+,[\d.]+,0\.06350000,1704081599999,/);
  assert.equal(first!.split(",").length, 12);
  assert.ok(first!.endsWith(",0"));
});

Deno.test("open() writes JSON and NDJSON with decimals as text", async () => {
  const json = JSON.parse((await exported({ format: "json" })).text);
  const lines = (await exported({ format: "ndjson" })).text.trimEnd().split("\n");
  assert.deepEqual(json, lines.map((line) => JSON.parse(line)));
  assert.deepEqual(Object.keys(json[0]), [...KLINE_COLUMNS]);
  assert.equal(json[0].volume, "0.06350000");
  assert.equal(json[0].open_time, "2024-01-01T00:00:00.000Z");
  assert.equal(json[0].number_of_trades, klines[0]!.numberOfTrades);
  const ms = JSON.parse((await exported({ format: "json", time: "ms" })).text);
  assert.equal(ms[0].open_time, 1704067200000);
  const none = await exported({ format: "json", from: parseTime("2030-01-01") });
  assert.deepEqual(JSON.parse(none.text), []);
});

Deno.test("open() loses nothing at chunk boundaries in any format", async () => {
  const csv = (await exported({ series: [long] })).text.trimEnd().split("\n");
  assert.equal(csv.length, 1 + 40 * 1440);
  assert.equal(new Set(csv).size, csv.length);
  const json = JSON.parse((await exported({ series: [long], format: "json" })).text);
  assert.equal(json.length, 40 * 1440);
});

Deno.test("a slow reader gets the same bytes as a fast one", async () => {
  const fast = await exported({ series: [long] });
  const file = await open({ series: [long] });
  let [slow, chunks] = ["", 0];
  for await (const chunk of file.bytes()) {
    slow += new TextDecoder().decode(chunk);
    if (chunks++ % 10 === 0) await untilCopyRests();
  }
  assert.equal(slow, fast.text);
});

Deno.test("a cancelled reader frees its connection: 20 readers, two connections", async () => {
  for (let i = 0; i < 20; i++) {
    const file = await open({ series: [long] });
    const reader = file.bytes().getReader();
    await reader.read();
    await reader.cancel();
  }
  assert.equal((await exported({ series: [long] })).rows, 40 * 1440);
});

Deno.test("a database failure during a stream errors it instead of ending it", async () => {
  const file = await open({ series: [long] });
  const reader = file.bytes().getReader();
  await reader.read();
  await db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where query ilike 'copy%' and datname = current_database() and pid <> pg_backend_pid()`,
  );
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  });
});

Deno.test("open() of a series that is not stored is not_found, and uses no connection", async () => {
  for (let i = 0; i < 5; i++) {
    await assert.rejects(
      () => open({ series: [{ symbol: "NOPE", interval: "1h" }] }),
      { code: "not_found" },
    );
  }
  await exported();
});

Deno.test("open() fails with busy and a retry time when every export connection is in use", async () => {
  const held = await Promise.all(
    [1, 2].map(() => open()),
  );
  await assert.rejects(() => open(), {
    code: "busy",
    retryAfterMs: 5_000,
  });
  await Promise.all(held.map((file) => file.close()));
  await exported();
});

Deno.test("the connection is usable after a stream that was not read to its end", async () => {
  const view = await exporter.open({ series: [long], format: "csv" });
  const layout = { format: "csv", time: "iso", isNamed: false, hasHeader: true } as const;
  for (let minutes = 8_000; minutes < 8_800; minutes += 100) {
    const to = Date.UTC(2024, 0, 1) + minutes * 60_000; // about a megabyte
    const bytes = view.lines(0, layout, { to });
    const reader = bytes.getReader();
    await reader.read();
    await untilCopyRests();
    const blocks = view.blocks(0, { ...layout, hasHeader: false });
    while (!(await reader.read()).done);
    assert.equal((await blocks).length, 4);
  }
  await view.close();
});
