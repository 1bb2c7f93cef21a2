import assert from "node:assert/strict";
import { KLINE_COLUMNS } from "../core/kline.ts";
import type { KlineExporter, SeriesHead } from "../ports/kline_exporter.ts";
import { openGate } from "../http/gate.ts";
import { answerExport } from "./export_answer.ts";
import { parseExportQuery } from "./export_query.ts";

/** An export with generated lines and tuples that reports its end. */
function exporterOf(
  chunks: (isBinary: boolean) => ReadableStream<Uint8Array>,
  rows: number = HERE,
) {
  const closed = Promise.withResolvers<void>();
  const counts = { opened: 0, closed: 0 };
  const head: SeriesHead = {
    symbol: "BTCUSDT",
    interval: "1h",
    lineage: 1,
    version: 1,
    rows,
    gaps: 0,
    lastOpenTime: undefined,
    next: { lineage: 1, version: 1 },
  };
  const exporter: KlineExporter = {
    describe: () => Promise.resolve([head]),
    open() {
      counts.opened++;
      return Promise.resolve({
        heads: [head],
        lines: () => chunks(false),
        tuples: () => chunks(true),
        async *measure() {
          yield await Promise.resolve(undefined);
          return new Map(KLINE_COLUMNS.map((name) => [name, { precision: 9, scale: 8 }]));
        },
        blocks: () => Promise.resolve([]),
        close() {
          counts.closed++;
          closed.resolve();
          return Promise.resolve();
        },
      });
    },
  };
  return { exporter, counts, closed: closed.promise };
}

const encoder = new TextEncoder();
/** Random, so that compression does not shrink them to nothing. */
const LINES = encoder.encode(
  Array.from({ length: 1000 }, () => `{"open_price":"${Math.random()}"}\n`).join(""),
);
/** The header of a binary COPY and some hundred thousand rows. */
const HEADER = Uint8Array.from([...encoder.encode("PGCOPY\n\xff\r\n\0").slice(0, 11), ...Array(8)]);
const TUPLES = (() => {
  const fields = KLINE_COLUMNS.map((column) => column === "number_of_trades" ? 4 : 8);
  const tuple = [0, fields.length, ...fields.flatMap((size) => [0, 0, 0, size, ...Array(size)])];
  return Uint8Array.from(Array(500).fill(tuple).flat());
})();

function served(exporter: KlineExporter) {
  const server = Deno.serve({
    port: 0,
    onListen() {},
    onError: () => new Response("", { status: 500 }),
  }, (request) => {
    const params = new URL(request.url).searchParams;
    const services = { exporter, telemetry: { record() {} } };
    const enter = () => openGate.enter("");
    return answerExport(services, parseExportQuery(params), request, enter);
  });
  const base = `http://127.0.0.1:${server.addr.port}/export?symbol=BTCUSDT&interval=1h`;
  return { base, close: () => server.shutdown() };
}

const FORMATS: [string, string][] = [
  ...["csv", "ndjson", "json", "binance"].flatMap((format) =>
    ["identity", "gzip", "br"].map((coding) => [`format=${format}`, coding] as [string, string])
  ),
  ["format=parquet", "identity"],
  ["archive=zip", "identity"],
  ["archive=zip&format=json", "identity"],
  ["archive=zip&format=parquet", "identity"],
];

/** Candles that are packed in this thread, and in a separate one. */
const [HERE, IN_WORKER] = [9, 1_000_000];

type Kind = readonly [query: string, coding: string, rows: number];

const KINDS: readonly Kind[] = FORMATS.map(([query, coding]) => [query, coding, HERE]);
/** Long files, packed in a worker. */
const IN_THREADS: readonly Kind[] = [
  ["format=csv", "gzip", IN_WORKER],
  ["archive=zip", "identity", IN_WORKER],
];

async function breakOff(kinds: readonly Kind[]): Promise<void> {
  for (const [query, coding, rows] of kinds) {
    const { exporter, counts } = exporterOf((isBinary) => {
      const chunks = (isBinary ? [HEADER, TUPLES] : [LINES]).map((bytes) => bytes.slice());
      return new ReadableStream({
        pull(out) {
          const chunk = chunks.shift();
          if (chunk) out.enqueue(chunk);
          else out.error(new Error("terminating connection due to administrator command"));
        },
      });
    }, rows);
    const { base, close } = served(exporter);
    const response = await fetch(`${base}&${query}`, { headers: { "accept-encoding": coding } });
    assert.equal(response.status, 200, query);
    await assert.rejects(response.arrayBuffer(), `${query} ${coding} looked whole`);
    await close();
    assert.deepEqual(counts, { opened: 1, closed: 1 }, `${query} ${coding}`);
  }
}

Deno.test("an export that fails in mid-stream breaks the transfer, in every format", () =>
  breakOff(KINDS));

async function leave(kinds: readonly Kind[]): Promise<void> {
  for (const [query, coding, rows] of kinds) {
    const [begun, stopped] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let tick: Promise<void> | undefined;
    const { exporter, counts, closed } = exporterOf((isBinary) => {
      let isFirst = true;
      return new ReadableStream<Uint8Array>({
        async pull(out) {
          begun.resolve();
          await (tick = new Promise((resolve) => setTimeout(resolve))); // as a socket would
          if (counts.closed > 0) {
            stopped.resolve();
            return out.error(new Error("canceling statement due to user request"));
          }
          out.enqueue((!isBinary ? LINES : isFirst ? HEADER : TUPLES).slice());
          isFirst = false;
        },
        cancel: () => stopped.resolve(),
      });
    }, rows);
    const { base, close } = served(exporter);
    const client = new AbortController();
    const response = await fetch(`${base}&${query}`, {
      headers: { "accept-encoding": coding },
      signal: client.signal,
    });
    const reader = response.body!.getReader();
    await reader.read();
    await begun.promise; // Parquet's first bytes are sent before its rows are read
    client.abort();
    await reader.closed.catch(() => {});
    await closed;
    await stopped.promise;
    await tick;
    await close();
    assert.deepEqual(counts, { opened: 1, closed: 1 }, `${query} ${coding}`);
  }
}

Deno.test("a client that disconnects ends the export immediately, in every format", () =>
  leave(KINDS));

Deno.test("the checksum of unchanged candles is computed once, and again when they change", async () => {
  let version = 100;
  const { exporter, counts } = exporterOf(() => ReadableStream.from([LINES]));
  const changing: KlineExporter = {
    describe: async (query) =>
      (await exporter.describe(query)).map((head) => ({
        ...head,
        version,
        next: { ...head.next, version },
      })),
    open: async (query) => {
      const open = await exporter.open(query);
      return {
        ...open,
        heads: open.heads.map((head) => ({ ...head, version, next: { ...head.next, version } })),
      };
    },
  };
  const { base, close } = served(changing);
  const sum = async () => await (await fetch(`${base}&checksum=1`)).text();
  const first = await sum();
  assert.match(first, /^[0-9a-f]{64} {2}BTCUSDT-1h\.csv\n$/);
  assert.equal(await sum(), first);
  assert.equal(counts.opened, 1, "the second answer reads no candles");
  version++;
  assert.equal(await sum(), first);
  assert.equal(counts.opened, 2);
  assert.equal(counts.closed, 2);
  await close();
});

Deno.test("a failed export has no checksum, and a disconnecting client stops its computation", async () => {
  const failing = exporterOf(() =>
    new ReadableStream({ pull: (out) => out.error(new Error("gone")) })
  );
  const first = served(failing.exporter);
  const response = await fetch(`${first.base}&checksum=1`);
  await assert.rejects(response.arrayBuffer());
  await first.close();
  assert.ok(failing.counts.closed > 0);

  const stopped = Promise.withResolvers<void>();
  let tick: Promise<void> | undefined;
  const endless = exporterOf(() =>
    new ReadableStream({
      async pull(out) {
        await (tick = new Promise((resolve) => setTimeout(resolve)));
        out.enqueue(LINES);
      },
      cancel: () => stopped.resolve(),
    })
  );
  const second = served(endless.exporter);
  const client = new AbortController();
  const asked = await fetch(`${second.base}&checksum=1`, { signal: client.signal });
  client.abort();
  await assert.rejects(asked.arrayBuffer());
  await endless.closed;
  await stopped.promise;
  await tick;
  await second.close();
});

// The worker and its channel end shortly after the transfer.
const later = { sanitizeOps: false, sanitizeResources: false };
Deno.test("the same holds for files that are packed in a separate thread", later, async () => {
  await breakOff(IN_THREADS);
  await leave(IN_THREADS);
});
