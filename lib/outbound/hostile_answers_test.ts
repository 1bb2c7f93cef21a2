import assert from "node:assert/strict";
import { providerParts } from "../testing/coin_list.ts";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { createArchive } from "../binance/binance_archive.ts";
import { archiveFile } from "../core/archive_file.ts";
import { createCoinGecko } from "../marketcap/coingecko.ts";
import { createCoinMarketCap } from "../marketcap/coinmarketcap.ts";
import { createWebhook } from "../telemetry/webhook.ts";
import { testExchange } from "../testing/collector.ts";
import { manualClock } from "../testing/clock.ts";
import { silent } from "../testing/database/postgres.ts";

const signal = new AbortController().signal;
const klines = { path: "/api/v3/klines", weight: 2, query: { symbol: "BTCUSDT", interval: "1h" } };

/** A server that gives the same response to everything and counts requests. */
async function hostile(answer: (response: ServerResponse, path: string) => void) {
  const seen = { requests: 0, bytes: 0, keys: [] as unknown[] };
  const server = createServer((request, response) => {
    seen.requests++;
    const key = request.headers["x-cmc_pro_api_key"] ?? request.headers["x-cg-demo-api-key"];
    if (key !== undefined) seen.keys.push(key);
    response.on("error", () => {});
    answer(response, request.url ?? "/");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const BLOCK = new Uint8Array(1 << 16).fill(0x20);

/** Sends spaces as fast as they are read, until the client disconnects. */
function endless(response: ServerResponse, seen: { bytes: number }): void {
  const more = () => {
    while (!response.destroyed) {
      seen.bytes += BLOCK.length;
      if (!response.write(BLOCK)) return;
    }
  };
  response.on("drain", more);
  more();
}

const file = archiveFile({ symbol: "BTCUSDT", interval: "1h" }, "daily", Date.UTC(2024, 0, 1));

/** All requests that wick makes, against this server. */
function askers(url: string) {
  const caps = { url, key: "secret", fetch, now: Date.now, log: silent, ...providerParts() };
  const coin = {
    id: "bitcoin",
    ticker: "BTC",
    name: "Bitcoin",
    coinMarketCapId: 1,
    symbol: "BTCUSDT",
    usd: undefined,
    multiplier: 1,
    wraps: undefined,
    rank: 1,
    candidates: 1,
    checkedAt: undefined,
  };
  const alert = {
    ...{ alertId: 1, symbol: "BTCUSDT", interval: "1h", event: "stale" } as const,
    lastOpenTime: 0,
    raisedAt: 0,
    nextAttemptAt: 0,
  };
  const exchange = testExchange([url], { timeoutMs: 2_000 });
  return {
    exchange: () => exchange.http(klines, signal),
    symbols: () => exchange.open().listSymbols(signal),
    coingecko: () => createCoinGecko(caps).fetch([coin], signal),
    coinmarketcap: () => createCoinMarketCap(caps).fetch([coin], signal),
    archive: () => createArchive({ url, fetch, clock: manualClock(0) }).open(file, signal),
    webhook: () => createWebhook(`${url}/hook`, fetch)(alert, signal),
  };
}

Deno.test("an endless body is cut off at its route's size limit, and so is a gzip bomb", async () => {
  const bomb = gzipSync(new Uint8Array(300e6));
  for (const isBomb of [false, true]) {
    await using server = await hostile((response) => {
      response.writeHead(200, isBomb ? { "content-encoding": "gzip" } : {});
      if (isBomb) response.end(bomb);
      else endless(response, server.seen);
    });
    const before = Deno.memoryUsage().rss;
    const { webhook: _, archive, symbols, ...quick } = askers(server.url);
    for (const [name, ask] of Object.entries({ ...quick, symbols })) {
      await assert.rejects(ask, { code: "bad_payload", message: /larger than/ }, name);
    }
    // The client does not decompress an archive's zip.
    await assert.rejects(archive, { code: "bad_payload" }, "archive");
    assert.ok(server.seen.bytes < 500e6, `${server.seen.bytes} bytes`);
    const grown = Deno.memoryUsage().rss - before;
    assert.ok(grown < 700e6, `${grown} bytes of memory`);
  }
});

Deno.test("a slow body ends with the request's timeout, and oversized headers are a described error", async () => {
  await using slow = await hostile((response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(" "), 100);
    response.on("close", () => clearInterval(timer));
  });
  const start = performance.now();
  const exchange = testExchange([slow.url], { timeoutMs: 300, clock: manualClock(Date.now()) });
  await assert.rejects(() => exchange.http(klines, signal), /did not answer within 0.3 s/);
  assert.ok(performance.now() - start < 20_000);
  await using large = await hostile((response) => {
    response.writeHead(200, { "x-large": "x".repeat(4e6) });
    response.end("{}");
  });
  await assert.rejects(() => askers(large.url).coingecko(), { code: "exchange_unavailable" });
});

Deno.test("redirects are not followed, to another origin or the same, and no key is sent along", async () => {
  await using target = await hostile((response) => response.end("[]"));
  for (const status of [301, 302, 303, 307, 308]) {
    for (
      const where of [target.url, "http://169.254.169.254/latest", "/elsewhere", "http://[::1]:1/"]
    ) {
      await using server = await hostile((response) => {
        response.writeHead(status, { location: where.startsWith("/") ? where : `${where}/x` });
        response.end();
      });
      const { exchange: _, symbols: __, ...providers } = askers(server.url);
      for (const [name, ask] of Object.entries(providers)) {
        await assert.rejects(ask, { message: /redirect.* not followed/ }, `${name} ${status}`);
      }
    }
  }
  await using server = await hostile((response) => {
    response.writeHead(302, { location: `${target.url}/x` });
    response.end();
  });
  const exchange = testExchange([server.url], { clock: manualClock(Date.now()) });
  await assert.rejects(() => exchange.http(klines, signal), {
    code: "exchange_unavailable",
    message: /redirect to http:\/\/127.0.0.1:\d+, which is not followed/,
  });
  assert.deepEqual([target.seen.requests, target.seen.keys], [0, []]);
});
