import assert from "node:assert/strict";
import { parseTime } from "../lib/core/time.ts";
import { ENDPOINTS } from "../lib/openapi/endpoints.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { createPageApp } from "../lib/testing/page_app.ts";

const now = parseTime("2024-02-03T00:01Z");
const app = await createPageApp({
  symbols: ["SOLUSDT"],
  intervals: ["1h"],
  now,
  basePath: "/wick",
});
await app.addKlines("SOLUSDT", "1h", klinesFrom("2024-01-01", "1h", 792));
Deno.test.afterAll(app.close);

const response = await app.fetch("/docs");
const html = (await response.text()).replaceAll("&amp;", "&");

Deno.test("GET /docs lists every endpoint with all of its parameters", () => {
  assert.equal(response.status, 200);
  for (const { path, query } of ENDPOINTS) {
    const [card = ""] = html.match(
      new RegExp(`<code>${RegExp.escape(path)}</code></h3>[^]*?</section>`),
    ) ?? [];
    for (const name of Object.keys(query.shape)) {
      assert.ok(card.includes(`<code>${name}</code>`), `${path} ${name}`);
    }
  }
});

Deno.test("GET /docs links examples that work, whatever is collected, also below a base path", async () => {
  const links = [...html.matchAll(/class="endpoint-example"><a href="([^"]+)"/g)];
  const answered = ENDPOINTS.filter(({ needs }) => needs?.includes("1h") ?? true);
  assert.equal(links.length, answered.length);
  assert.ok(!html.includes("avgPrice?symbol="), "its minutes are not kept");
  for (const [, href = ""] of links) {
    assert.ok(href.startsWith("/wick/"), href);
    if (href === "/wick/api/market-caps" || href.startsWith("/wick/api/live")) continue;
    const { status, body } = await app.fetch(href.slice("/wick".length));
    assert.equal(status, 200, href);
    await body?.cancel();
  }
  assert.ok(html.includes("http://wick.test/wick/export?symbol=SOLUSDT&interval=1h"));
});
