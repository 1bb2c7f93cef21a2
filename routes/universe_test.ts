import assert from "node:assert/strict";
import { parseTime } from "../lib/core/time.ts";
import { openUniverseSite } from "../lib/testing/browser/universe_site.ts";

const { app, add, close } = await openUniverseSite(parseTime("2025-06-15T10:20:30Z"));
Deno.test.afterAll(close);

async function get(path: string) {
  const response = await app.fetch(path, { headers: { accept: "text/html" } });
  const html = await response.text();
  const [, main = ""] = /<main[^>]*>(.*)<\/main>/s.exec(html) ?? [];
  const text = main.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
  const rows = [...main.matchAll(/<tr><th scope="row">(.*?)<\/tr>/gs)].map(([, row]) =>
    row!.replaceAll(/<svg.*?<\/svg>/gs, "").replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ")
      .trim()
  );
  return { status: response.status, html, text, rows };
}

Deno.test("GET /universe lists listings and delistings, newest first, with renames", async () => {
  const { status, rows, text } = await get("/universe");
  assert.equal(status, 200);
  assert.equal(
    rows[0],
    "FRESHBTC Listed 2024-03-04 08:00 to this day Binance, to the minute " +
      "perhaps before OLDBTC (suggested): FRESHBTC began when OLDBTC ended, at the price 0.00203 after 0.0200",
  );
  assert.match(rows[1]!, /^OLDBTC Delisted 2024-03-01 08:00 1,124 days Binance, to the minute/);
  const aave = rows.find((row) => row.startsWith("AAVEUSDT"));
  assert.match(aave!, /before LENDUSDT: Aave swapped its token, 2020$/);
  assert.equal(rows.filter((row) => row.startsWith("LUNAUSDT")).length, 3);
  assert.match(text, /7 symbols of the exchange, with the times/);
  assert.match(text, /5 symbols were traded on 2025-06-15/);
});

Deno.test("GET /universe filters by event and quote asset, and keeps the filter in its links", async () => {
  const { rows, html } = await get("/universe?quote=USDT&kind=delisted");
  assert.deepEqual(rows.map((row) => row.split(" ").slice(0, 3).join(" ")), [
    "LUNAUSDT Delisted 2022-05-13",
    "LENDUSDT Delisted 2020-10-12",
  ]);
  assert.match(html, /href="\.\/universe\?kind=listed&amp;quote=USDT#events"/);
  assert.deepEqual((await get("/universe?kind=renamed&quote=BTC")).rows.length, 2);
  assert.match((await get("/universe?quote=EUR")).text, /Nothing matches the filter/);
});

Deno.test("GET /universe counts the symbols of a day, and links them as files", async () => {
  const { text, html } = await get("/universe?at=2020-10-01&quote=USDT");
  assert.match(text, /3 USDT symbols were traded on 2020-10-01/);
  assert.match(html, /href="\/api\/universe\?at=2020-10-01&amp;quote=USDT&amp;format=csv"/);
  assert.match((await get("/universe?at=2017-07-01")).text, /0 symbols were traded/);
});

Deno.test("GET /universe: forms may send empty fields; mistakes are a page with 400", async () => {
  assert.equal((await get("/universe?at=&quote=&utm_source=x")).status, 200);
  for (const query of ["at=2025-06-16", "at=soon", "kind=born", "page=0", "quote=usdt"]) {
    const { status, html } = await get(`/universe?${query}`);
    assert.equal(status, 400, query);
    assert.match(html, /<!DOCTYPE html>/i);
  }
  assert.match(
    (await get("/universe?page=9")).text,
    /There is no page 9; the last one is page 1 \. Newer/,
  );
});

Deno.test("GET /universe has pages, and shows how far the look-up is", async () => {
  for (let i = 10; i < 70; i++) await add(`N${i}`, "TRY", ["2023-01-01"]);
  const first = await get("/universe?quote=TRY");
  assert.equal(first.rows.length, 50);
  assert.match(first.text, /1–50 of 60/);
  assert.match(first.html, /href="\.\/universe\?page=2&amp;quote=TRY#events"/);
  assert.equal((await get("/universe?quote=TRY&page=2")).rows.length, 10);
  await add("LATER", "USDT");
  assert.match((await get("/universe")).text, /the dates of 1 more are being looked up/);
});
