import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { BlobReader, type FileEntry, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { parseDecimal } from "../lib/core/decimal.ts";
import { type Kline, KLINE_COLUMNS } from "../lib/core/kline.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase, momentBetween } from "../lib/testing/database/postgres.ts";

const { db, url, close } = await createTestDatabase();
const store = createKlineStore(db);
const symbols = ["BTCUSDT", "ETHUSDT", "币安人生USDT"];
await store.saveSymbols(symbols.map((symbol) => marketSymbol(symbol)));
const run = await createRunLedger(db).start("test", "rest");
const MINUTES = 40_000;
for (const symbol of symbols) {
  await store.write({ symbol, interval: "1h" }, klinesFrom("2024-01-01", "1h", 72), run);
}
await store.write({ symbol: "BTCUSDT", interval: "1M" }, klinesFrom("2024-01-01", "1M", 3), run);
await store.write(
  { symbol: "BTCUSDT", interval: "1m" },
  klinesFrom("2024-01-01", "1m", MINUTES),
  run,
);
const app = await createTestApp({
  db,
  url,
  symbols,
  intervals: ["1m", "1h", "1M"],
  serverTime: Date.UTC(2024, 5),
});
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

const get = (query: string, init?: RequestInit) => app.fetch(`/export?${query}`, init);

async function text(query: string, init?: RequestInit): Promise<string> {
  const response = await get(query, init);
  const body = await response.text();
  assert.equal(response.status, 200, body);
  return body;
}

async function bytes(query: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await get(query);
  assert.equal(response.status, 200, query);
  return await response.bytes();
}

const linesOf = (body: string) => body.trimEnd().split("\n");
const BTC = "symbol=BTCUSDT&interval=1h";
const BOTH = "symbol=ETHUSDT,BTCUSDT&interval=1h";

Deno.test("several series make one file with leading symbol and interval, in the requested order", async () => {
  const [header, ...lines] = linesOf(await text(BOTH));
  const single = async (symbol: string) =>
    linesOf(await text(`symbol=${symbol}&interval=1h`)).slice(1)
      .map((line) => `${symbol},1h,${line}`);
  assert.equal(header, `symbol,interval,${KLINE_COLUMNS}`);
  assert.deepEqual(lines, [...await single("ETHUSDT"), ...await single("BTCUSDT")]);

  const response = await get(`${BOTH}&format=ndjson`);
  const objects = linesOf(await response.text()).map((line) => JSON.parse(line));
  assert.equal(
    response.headers.get("content-disposition"),
    'attachment; filename="candles.ndjson"',
  );
  assert.equal(response.headers.get("x-wick-rows"), String(objects.length));
  assert.deepEqual(Object.keys(objects[0]), ["symbol", "interval", ...KLINE_COLUMNS]);
  assert.equal(objects.at(-1).symbol, "BTCUSDT");
  assert.deepEqual(JSON.parse(await text(`${BOTH}&format=json`)), objects);
});

Deno.test("archive=zip holds each file as it is without one, in every format", async () => {
  const response = await get("symbol=BTCUSDT&interval=1h,1d&archive=zip");
  assert.equal(response.status, 404, "one of them is not stored");
  await response.body?.cancel();
  for (const [format, extension] of [["csv", "csv"], ["binance", "csv"], ["parquet", "parquet"]]) {
    const query = `interval=1h&format=${format}`;
    const archive = await unzip(await bytes(`symbol=币安人生USDT,BTCUSDT&${query}&archive=zip`));
    assert.deepEqual([...archive.keys()], [
      `币安人生USDT-1h.${extension}`,
      `BTCUSDT-1h.${extension}`,
    ]);
    assert.deepEqual(
      archive.get(`BTCUSDT-1h.${extension}`),
      await bytes(`symbol=BTCUSDT&${query}`),
    );
  }
  const months = await unzip(await bytes("symbol=BTCUSDT&interval=1m,1M&archive=zip"));
  assert.deepEqual([...months.keys()], ["BTCUSDT-1m.csv", "BTCUSDT-1mo.csv"]);
});

async function unzip(zip: Uint8Array<ArrayBuffer>): Promise<Map<string, Uint8Array>> {
  const reader = new ZipReader(new BlobReader(new Blob([zip])), { checkSignature: true });
  const files = new Map<string, Uint8Array>();
  for (const entry of await reader.getEntries() as FileEntry[]) {
    const options = { useWebWorkers: false };
    files.set(entry.filename, await entry.getData(new Uint8ArrayWriter(), options));
  }
  await reader.close();
  return files;
}

Deno.test("invalid lists and cursors are rejected with 400", async () => {
  const foreign = (await get("symbol=ETHUSDT&interval=1h", { method: "HEAD" })).headers
    .get("x-wick-next-cursor");
  const cases: [string, string][] = [
    ["symbol=BTCUSDT,&interval=1h", "symbol"],
    ["symbol=BTCUSDT,btcusdt&interval=1h", "symbol"],
    ["symbol=BTCUSDT,BTCUSDT&interval=1h", "symbol"],
    ["symbol=BTCUSDT&interval=1h,1H", "interval"],
    [`${BOTH}&format=binance`, "format"],
    [`${BTC}&after=`, "after"],
    [`${BTC}&after=1`, "after"],
    [`${BTC}&after=1-1~0`, "after"],
    [`${BTC}&after=${foreign}`, "after"],
    [`${BOTH}&after=${foreign}`, "after"],
    [`${BTC}&archive=tar`, "archive"],
    [`${BTC}&checksum=0`, "checksum"],
  ];
  for (const [query, param] of cases) {
    const response = await get(query);
    const { error } = await response.json();
    assert.equal(response.status, 400, query);
    assert.equal(error.param, param, error.message);
  }
});

Deno.test("checksum=1 returns the line that sha256sum accepts for the uncompressed file", async () => {
  for (const query of [BTC, BOTH, `${BTC}&format=parquet`, `${BOTH}&archive=zip`]) {
    const file = await get(query);
    const name = /filename="([^"]+)"/.exec(file.headers.get("content-disposition")!)![1];
    const sha256 = createHash("sha256").update(await file.bytes()).digest("hex");
    const sidecar = await get(`${query}&checksum=1`, { headers: { "accept-encoding": "gzip" } });
    assert.equal(
      sidecar.headers.get("content-disposition"),
      `attachment; filename="${name}.sha256"`,
    );
    assert.equal(await sidecar.text(), `${sha256}  ${name}\n`);
  }
});

Deno.test("a closed range may be cached, an open one must be revalidated", async () => {
  const control = async (query: string) =>
    (await get(query, { method: "HEAD" })).headers.get("cache-control");
  const closed = "public, max-age=60, s-maxage=300";
  assert.equal(await control(`${BTC}&from=2024-01-01&to=2024-01-04`), closed);
  assert.equal(await control(`${BTC}&from=2024-01-01&to=2024-01-04T00:00:01Z`), "no-cache");
  assert.equal(await control(`${BTC}&to=2024-01-02`), "no-cache");
  assert.equal(await control(`${BTC}&from=2024-01-01`), "no-cache");
  assert.equal(await control(BTC), "no-cache");
});

Deno.test("Range returns the same bytes as the whole file, in every part of it", async () => {
  const closed = "symbol=BTCUSDT&interval=1m,1h&from=2024-01-01&to=2024-01-04";
  const long = "symbol=BTCUSDT&interval=1m&from=2024-01-01&to=2024-01-28T18:40:00Z&time=ms";
  for (const query of [closed, long]) {
    const whole = await get(query);
    const etag = whole.headers.get("etag")!;
    assert.equal(whole.headers.get("accept-ranges"), "bytes");
    const all = await whole.bytes();
    const middle = Math.floor(all.length / 2);
    for (
      const [range, from, to] of [
        ["0-0", 0, 1],
        ["5-300", 5, 301],
        [`${middle}-${middle + 70_000}`, middle, middle + 70_001],
        [`${all.length - 1}-`, all.length - 1, all.length],
        ["-1000", all.length - 1000, all.length],
        ["0-", 0, all.length],
      ] as const
    ) {
      const part = await get(query, { headers: { range: `bytes=${range}`, "if-range": etag } });
      assert.equal(part.status, 206, range);
      assert.equal(
        part.headers.get("content-range"),
        `bytes ${from}-${to - 1}/${all.length}`,
      );
      assert.equal(part.headers.get("etag"), etag);
      assert.deepEqual(await part.bytes(), all.slice(from, to), `${query} ${range}`);
    }
    const outside = await get(query, { headers: { range: `bytes=${all.length}-` } });
    assert.equal(outside.status, 416);
    assert.equal(outside.headers.get("content-range"), `bytes */${all.length}`);
    assert.equal((await outside.json()).error.code, "invalid_input");
  }
});

Deno.test("Range is answered with the whole file if byte positions are not fixed", async () => {
  const closed = `${BTC}&from=2024-01-01&to=2024-01-04`;
  const range = { range: "bytes=0-9" };
  for (
    const [query, headers] of [
      [BTC, range],
      [closed, { ...range, "accept-encoding": "gzip" }],
      [closed, { range: "bytes=0-9,20-29" }],
      [closed, { ...range, "if-range": '"another"' }],
      [`${closed}&format=json`, range],
      [`${closed}&archive=zip`, range],
    ] as [string, Record<string, string>][]
  ) {
    const response = await get(query, { headers });
    await response.body?.cancel();
    assert.equal(response.status, 200, query);
  }
});

Deno.test("HEAD and 304 need no export connection", async () => {
  const query = "symbol=BTCUSDT&interval=1m";
  const held = await Promise.all([get(query), get(query)]);
  const head = await get(query, { method: "HEAD" });
  const etag = head.headers.get("etag")!;
  assert.equal(head.status, 200);
  const again = await get(query, { headers: { "if-none-match": etag } });
  assert.equal(again.status, 304);
  assert.equal(again.headers.get("x-wick-next-cursor"), head.headers.get("x-wick-next-cursor"));
  await Promise.all(held.map((response) => response.body!.cancel()));
});

/** Follows a series by cursor into a map of lines by open time, as a mirror would. */
function createMirror(query: string) {
  const rows = new Map<string, string>();
  let cursor: string | undefined;
  return {
    rows,
    async follow(): Promise<number> {
      const response = await get(cursor === undefined ? query : `${query}&after=${cursor}`);
      const lines = linesOf(await response.text()).slice(1);
      assert.equal(response.headers.get("x-wick-rows"), String(lines.length));
      for (const line of lines) rows.set(line.split(",").slice(0, 3).join(), line);
      cursor = response.headers.get("x-wick-next-cursor")!;
      return lines.length;
    },
  };
}

Deno.test("after= returns new and revised candles once, and then nothing", async () => {
  const series = { symbol: "ETHUSDT", interval: "1h" } as const;
  const mirror = createMirror("symbol=ETHUSDT&interval=1h");
  assert.equal(await mirror.follow(), 72);
  assert.equal(await mirror.follow(), 0);
  const [a, b] = klinesFrom("2024-01-04", "1h", 2) as [Kline, Kline];
  await store.write(series, [a, b], run);
  assert.equal(await mirror.follow(), 2);
  await store.write(series, [{ ...a, volume: parseDecimal("7.10") }, b], run);
  await store.write(series, [{ ...a, volume: parseDecimal("7.1") }], run);
  assert.equal(await mirror.follow(), 1);
  assert.ok([...mirror.rows.values()].some((line) => line.includes(",7.1,")));
  assert.equal(await mirror.follow(), 0);
});

Deno.test("after= misses nothing while several writers commit concurrently", async () => {
  const query = "symbol=BTCUSDT,ETHUSDT&interval=1h";
  const mirror = createMirror(query);
  await mirror.follow();
  let isWriting = true;
  const write = async (symbol: string, first: string, count: number) => {
    for (const [i, kline] of klinesFrom(first, "1h", count).entries()) {
      await store.write({ symbol, interval: "1h" }, [kline], run);
      if (i % 3 === 0) {
        const volume = parseDecimal(`${i}.${symbol.length}`);
        await store.write({ symbol, interval: "1h" }, [{ ...kline, volume }], run);
      }
    }
  };
  const writers = Promise.all([
    write("BTCUSDT", "2024-02-01", 40),
    write("BTCUSDT", "2024-03-01", 40),
    write("ETHUSDT", "2024-02-01", 40),
  ]).finally(() => isWriting = false);
  while (isWriting) await mirror.follow();
  await writers;
  await mirror.follow();
  assert.deepEqual(
    [...mirror.rows.values()].toSorted(),
    linesOf(await text(query)).slice(1).toSorted(),
  );
});

Deno.test("the cursor of an as_of export continues from that time", async () => {
  const series = { symbol: "币安人生USDT", interval: "1h" } as const;
  const query = `symbol=${encodeURIComponent(series.symbol)}&interval=1h`;
  const before = await momentBetween(db);
  await store.write(series, klinesFrom("2024-01-04", "1h", 1), run);
  const past = await get(`${query}&as_of=${before}`);
  assert.equal(linesOf(await past.text()).length, 1 + 72);
  const cursor = past.headers.get("x-wick-next-cursor");
  const lines = linesOf(await text(`${query}&after=${cursor}`));
  assert.equal(lines.length, 1 + 1);
  assert.match(lines[1]!, /^2024-01-04T00:00:00\.000Z/);
});

Deno.test("an entity tag or a cursor from before the series was deleted and stored again is not valid", async () => {
  const series = { symbol: "ETHUSDT", interval: "1M" } as const;
  const query = "symbol=ETHUSDT&interval=1M";
  await store.write(series, klinesFrom("2024-01-01", "1M", 1), run);
  const before = (await get(query, { method: "HEAD" })).headers;
  for (const table of ["klines", "series"]) {
    await db.query(
      `delete from ${table} where interval = '1M'
         and symbol_id = (select symbol_id from symbols where symbol = 'ETHUSDT')`,
    );
  }
  await store.write(series, klinesFrom("2023-01-01", "1M", 1), run);
  const after = await get(query, { headers: { "if-none-match": before.get("etag")! } });
  await after.body?.cancel();
  assert.equal(after.status, 200);
  const refused = await get(`${query}&after=${before.get("x-wick-next-cursor")}`);
  assert.match(await refused.text(), /no cursor of ETHUSDT 1M/);
  assert.equal(refused.status, 400);
});
