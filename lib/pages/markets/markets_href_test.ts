import assert from "node:assert/strict";
import { MARKET_VIEWS, marketsHref } from "./markets_href.ts";
import { parseMarketsQuery } from "./page_markets.ts";

const parse = (href: string) => parseMarketsQuery(new URL(href, "http://wick.test/").searchParams);
const DEFAULT = parse("/markets");

Deno.test("marketsHref() omits defaults, and parseMarketsQuery() parses every result", () => {
  assert.equal(marketsHref(DEFAULT, {}), "./markets");
  assert.equal(marketsHref(DEFAULT, {}, "history"), "./markets#history");
  for (const view of MARKET_VIEWS) {
    for (const range of ["7d", "30d", "all"] as const) {
      for (const sort of ["cap", "coin"] as const) {
        for (const isAscending of [true, false]) {
          const address = { ...DEFAULT, view, range, sort, isAscending, refresh: 30 };
          assert.deepEqual(parse(marketsHref(address, {})), address);
        }
      }
    }
  }
});

Deno.test("marketsHref() keeps the look of the page", () => {
  const address = parse("/markets?theme=dark&colors=blue");
  assert.equal(
    marketsHref(address, { range: "7d" }),
    "./markets?theme=dark&colors=blue&range=7d",
  );
});

Deno.test("parseMarketsQuery() sorts names ascending and numbers descending by default", () => {
  assert.equal(parse("/markets?sort=coin").isAscending, true);
  assert.equal(parse("/markets?sort=price").isAscending, false);
  assert.equal(parse("/markets?sort=price&order=asc").isAscending, true);
});

Deno.test("parseMarketsQuery() names the invalid parameter, and ignores unknown ones", () => {
  for (const query of ["view=donut", "range=2d", "sort=volume", "order=up", "refresh=1"]) {
    const param = query.split("=")[0]!;
    assert.throws(() => parse(`/markets?${query}`), { code: "invalid_input", param }, query);
  }
  assert.deepEqual(parse("/markets?utm_source=x"), DEFAULT);
});
