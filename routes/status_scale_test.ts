import assert from "node:assert/strict";
import { parseTime } from "../lib/core/time.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { countStatements } from "../lib/testing/count_statements.ts";
import { fillManySeries, manySymbols } from "../lib/testing/many_series.ts";
import { createTestDatabase } from "../lib/testing/postgres.ts";

const NOW = parseTime("2026-06-01T00:10Z");
const INTERVALS = ["1h", "4h", "1d"] as const;
const SYMBOLS = manySymbols(3_000);

const { db, url, close } = await createTestDatabase();
await fillManySeries(db, { symbols: SYMBOLS, intervals: INTERVALS, now: NOW });
const counted = countStatements(db);
const app = await createTestApp({
  db: counted.db,
  url,
  symbols: SYMBOLS,
  intervals: INTERVALS,
  serverTime: NOW,
});
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

async function get(path: string) {
  counted.reset();
  const response = await app.fetch(path, { headers: { accept: "text/html" } });
  const html = await response.text();
  const text = html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
  assert.equal(response.status, 200, path);
  return { html, text, elements: html.match(/<[a-z]/g)!.length, statements: counted.count() };
}

Deno.test("/status of 9,000 series stays small, whatever it lists", async () => {
  for (
    const path of [
      "/status",
      "/status?series=300",
      "/status?strip=90d",
      "/status?freshness=stale&sort=coverage",
      "/status?quote=EUR&interval=1h&sort=gaps",
      "/status?class=pending",
      "/status?class=exchange_outage&begin=2026-04-22T00:00Z",
      "/status?q=c29&status=BREAK",
    ]
  ) {
    const { html, elements, statements } = await get(path);
    const size = new TextEncoder().encode(html).length;
    assert.ok(size <= 150_000, `${path}: ${size} bytes`);
    assert.ok(elements < 3_000, `${path}: ${elements} elements`);
    assert.ok(statements <= 20, `${path}: ${statements} statements`);
  }
});

Deno.test("/status summarises 9,000 series, and lists those of the filter", async () => {
  const { text } = await get("/status");
  assert.match(text, /90 of 9,000 stale, 90 of 9,000 late, 9 of 9,000 collecting/);
  assert.match(text, /All 9,000 fresh [\d,]+ late 90 stale 90 collecting 9 not trading [\d,]+/);
  assert.match(text, /Previous 1–30 of 9,000 Page of 300 Go Next/);
  const stale = await get("/status?freshness=stale&quote=BTC&interval=1h");
  assert.match(stale.text, /Series 0 of 9,000 match .* No series match the filter\. All series/);
  const own = await get("/status?freshness=stale&interval=1h");
  assert.match(own.text, /Series 30 of 9,000 match/);
  assert.doesNotMatch(own.html, /<b>C0000USDT/);
  assert.match(own.text, /C0001USDT since [\d-]+ 1h .* stale/);
});

Deno.test("/status lists an outage of 2,997 series once", async () => {
  const { text, html } = await get("/status");
  assert.match(text, /2,997 of 3,000 symbols 1h 5,994 2026-04-22 00:00 to 02:00 2 h/);
  const [, href] = /href="\.([^"]*begin=2026-04-22T00:00Z[^"]*)"/.exec(html)!;
  const members = await get(href!.replaceAll("&amp;", "&").split("#")[0]!);
  assert.match(members.text, /that begin 2026-04-22 00:00 UTC, 1–25 of 2,997/);
});
