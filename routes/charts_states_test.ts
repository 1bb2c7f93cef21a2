import assert from "node:assert/strict";
import { shiftOpen } from "../lib/core/interval.ts";
import { MINUTE_MS, parseTime } from "../lib/core/time.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { createPageApp } from "../lib/testing/page_app.ts";

// Every state of a chart, as rendered by the server.
const now = parseTime("2024-06-01T00:10Z");
const app = await createPageApp({ symbols: ["BTCUSDT", "ETHUSDT"], intervals: ["1h"], now });
Deno.test.afterAll(() => app.close());

const hours = klinesFrom(shiftOpen(parseTime("2024-06-01"), "1h", -400), "1h", 400);
await app.addKlines("BTCUSDT", "1h", hours.filter((_, i) => i < 300 || i >= 306));
await app.addKlines("ETHUSDT", "1h", hours.slice(-100));

async function get(path: string) {
  const response = await app.fetch(path, { headers: { accept: "text/html" } });
  const html = await response.text();
  return {
    response,
    html,
    text: html.replaceAll(/<script.*?<\/script>/gs, " ").replaceAll(/<[^>]+>/g, " ").replaceAll(
      /\s+/g,
      " ",
    ),
  };
}

Deno.test("partial: the gap is hatched, counted, in the table, and linked to its explanation", async () => {
  const { html, text } = await get("/charts?page=5");
  assert.match(html, /class="gap gap-pending"><title[^>]*>6 candles missing/);
  assert.match(text, /300 closed candles, 6 missing\. Why they are missing/);
  assert.match(html, /href="\/status\?interval=1h&amp;symbol=BTCUSDT"/);
  assert.match(text, /6 candles missing , 2024-05-27 20:00 to 2024-05-28 02:00: refetch pending/);
  assert.match(html, /class="strip-cut strip-pending"/);
});

Deno.test("collecting: share of history, stored and expected rows, and the chart so far", async () => {
  await app.saveListedAt("ETHUSDT", "1h", hours[0]!.openTime);
  const { html, text } = await get("/charts?symbol=ETHUSDT");
  assert.match(text, /Backfilling ETHUSDT 1h: 25%, 100 of 400 rows, newest first/);
  assert.match(html, /<progress value="100" max="400"/);
  assert.match(html, /class="body-up"><path[^>]* d="M/);
  assert.match(text, /25% 100 of 400/);
});

Deno.test("complete: history is complete and collecting is not mentioned", async () => {
  await app.saveListedAt("ETHUSDT", "1h", hours[300]!.openTime);
  const { text } = await get("/charts?symbol=ETHUSDT");
  assert.doesNotMatch(text, /Backfilling/);
  assert.match(text, /100% 100 of 100/);
});

Deno.test("late and stale: age and reason, with the last data", async () => {
  app.world.serverTime = parseTime("2024-06-01T03:12Z");
  const reason =
    "Binance cannot be reached from here: DNS lookup of data-api.binance.vision failed";
  app.world.failure = { message: reason, at: now };
  const { html, text } = await get("/charts");
  assert.match(html, /chart-state-stale/);
  assert.match(
    text,
    /newest stored candle closed at 2024-06-01 00:00 UTC , 3 h 12 m ago : no newer/,
  );
  assert.match(
    text,
    /Binance cannot be reached from here DNS lookup of data-api\.binance\.vision failed/,
  );
  assert.equal(text.split("DNS lookup").length, 2, "the reason once");
  assert.match(text, /Offline · last closed 00:00 UTC/);
  assert.match(html, /class="body-up"><path[^>]* d="M/);
  app.world.serverTime = parseTime("2024-06-01T01:30Z");
  app.world.failure = undefined;
  const late = await get("/charts");
  assert.match(late.html, /chart-state-late/);
  assert.match(late.text, /the next one has not arrived yet/);
  const frozen = await get("/charts?to=2024-05-31");
  assert.doesNotMatch(frozen.html, /chart-state-late/);
  app.world.serverTime = now;
});

Deno.test("rate-limited: shows the end of the ban instead of other failures", async () => {
  app.world.budget = { ...app.world.budget, ban: { until: now + 7.5 * MINUTE_MS, reason: "429" } };
  app.world.failure = { message: "Cannot ask: banned", at: now };
  const { text } = await get("/charts");
  assert.match(text, /Rate-limited by Binance until 00:18 UTC/);
  assert.doesNotMatch(text, /returned no usable response/);
  app.world.budget = { ...app.world.budget, ban: { until: now - 1, reason: "429" } };
  app.world.failure = undefined;
  assert.doesNotMatch((await get("/charts")).text, /Rate-limited by/);
});

Deno.test("empty range: axes, stored range, and a link to the nearest candle", async () => {
  const { response, html, text } = await get("/charts?from=2024-05-27T21:00&to=2024-05-28T01:00");
  assert.equal(response.status, 200);
  assert.match(html, /plot-empty/);
  assert.match(text, /BTCUSDT 1h has 394/);
  const next = /button-main" href="\.([^"]*)">Go to the next candle/.exec(html)![1]!;
  assert.match((await get(next.replaceAll("&amp;", "&"))).text, /From 2024-05-28 02:00 UTC to/);
  assert.match(html, /id="from-day" type="date" name="from" value="2024-05-27"/);
  assert.match((await get("/charts?from=2030-01-01")).text, /No candles since 2030-01-01 00:00/);
});

Deno.test("errors: reason, parameter, request ID, and links", async () => {
  const { response, html, text } = await get("/charts?colors=green");
  assert.equal(response.status, 400);
  assert.match(text, /Parameter colors is &quot;green&quot;: it must be blue or inverse/);
  assert.match(text, /400 invalid_input parameter colors request \w+/);
  assert.match(html, /class="button button-main" href="\/charts\?/);
  const busy = await get("/charts?symbol=ETHUSDT&interval=4h");
  assert.equal(busy.response.status, 404);
  assert.match(busy.text, /available are BTCUSDT, ETHUSDT at 1h/);
});
