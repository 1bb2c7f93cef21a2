import assert from "node:assert/strict";
import { parseStatusQuery } from "./page_status.ts";
import { type StatusAddress, statusHref } from "./status_href.ts";

const parse = (href: string) => parseStatusQuery(new URL(href, "http://wick.test/").searchParams);
const DEFAULT = parse("/status");

Deno.test("statusHref() omits defaults, and parseStatusQuery() parses every result", () => {
  assert.equal(statusHref(DEFAULT, {}), "./status");
  const changes: Partial<StatusAddress>[] = [
    { isRecent: true },
    { symbol: "BTCUSDT", interval: "1h", class: "pending", gapPage: 3 },
    { beforeRun: 41, restatedPage: 2 },
    { refresh: 30, look: { theme: "dark", colors: "blue", candles: undefined } },
    { symbol: "币安人生USDT" },
  ];
  for (const change of changes) {
    const address = { ...DEFAULT, ...change };
    assert.deepEqual(parse(statusHref(address, {}, "gaps")), address, JSON.stringify(change));
  }
});

Deno.test("parseStatusQuery() names the invalid parameter, and ignores unknown ones", () => {
  const wrong = ["class=lost", "page=0", "page=x", "restated=1.5", "before=-1", "strip=1y"];
  for (const query of [...wrong, "refresh=4", "interval=7h"]) {
    const param = query.split("=")[0]!;
    assert.throws(() => parse(`/status?${query}`), { code: "invalid_input", param }, query);
  }
  assert.deepEqual(parse("/status?utm_source=x"), DEFAULT);
});
