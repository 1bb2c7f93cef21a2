import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import { filterHref, type StatusAddress, statusHref } from "./status_href.ts";
import { parseStatusQuery } from "./status_query.ts";

const parse = (href: string) => parseStatusQuery(new URL(href, "http://wick.test/").searchParams);
const DEFAULT = parse("/status");
const NONE = DEFAULT.filter;

Deno.test("statusHref() omits defaults, and parseStatusQuery() parses every result", () => {
  assert.equal(statusHref(DEFAULT, {}), "./status");
  const changes: Partial<StatusAddress>[] = [
    { isRecent: true },
    { filter: { ...NONE, symbol: "BTCUSDT", interval: "1h", class: "pending" }, gapPage: 3 },
    { filter: { ...NONE, text: "a b", quote: "EUR", state: "stale", symbolStatus: "BREAK" } },
    { filter: { ...NONE, history: "incomplete" }, seriesPage: 300 },
    { sort: "coverage", order: "asc" },
    { sort: "coverage", order: "desc" },
    { gapsAt: parseTime("2023-03-24T13:00Z") },
    { beforeRun: 41, restatedPage: 2 },
    { refresh: 30, look: { theme: "dark", colors: "blue", candles: undefined } },
    { filter: { ...NONE, symbol: "币安人生USDT" } },
  ];
  for (const change of changes) {
    const address = { ...DEFAULT, ...change };
    assert.deepEqual(parse(statusHref(address, {}, "gaps")), address, JSON.stringify(change));
  }
});

Deno.test("parseStatusQuery() names the invalid parameter, and ignores unknown ones", () => {
  const wrong = ["class=lost", "page=0", "page=x", "restated=1.5", "before=-1", "strip=1y"];
  const filters = ["freshness=new", "status=trading", "sort=price", "order=up", "history=none"];
  const rest = ["refresh=4", "interval=7h", "quote=usdt", "begin=1", "series=0", "symbol="];
  for (const query of [...wrong, ...filters, ...rest]) {
    const param = query.split("=")[0]!;
    assert.throws(() => parse(`/status?${query}`), { code: "invalid_input", param }, query);
  }
  assert.deepEqual(parse("/status?utm_source=x"), DEFAULT);
});

Deno.test("parseStatusQuery() reads the form of filters, in which fields may be empty", () => {
  const form = "/status?q=&quote=&interval=1h&status=&class=&history=&sort=";
  assert.deepEqual(parse(form), { ...DEFAULT, filter: { ...NONE, interval: "1h" } });
  assert.equal(parse("/status?q=%20btc%20").filter.text, "btc");
});

Deno.test("filterHref() changes one part of the filter and returns to the first pages", () => {
  const address = parse("/status?quote=EUR&series=4&page=3&begin=2024-01-01&restated=2");
  assert.equal(
    filterHref(address, { state: "late" }, "coverage"),
    "./status?freshness=late&quote=EUR&restated=2#coverage",
  );
});
