import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import { chartHref } from "./href.ts";
import { candlesHref, exportHref, toHref } from "./site_href.ts";

const series = { symbol: "BTCUSDT", interval: "4h" } as const;

Deno.test("chartHref() is canonical: sorted parameters, defaults omitted", () => {
  assert.equal(chartHref("", series), "/charts?interval=4h&symbol=BTCUSDT");
  const [from, to] = [parseTime("2026-01-31T14:00Z"), parseTime("2026-02-01T00:00:05.001Z")];
  assert.equal(
    chartHref("/wick", { to, from, interval: "1M", symbol: "币安人生USDT" }),
    "/wick/charts?from=2026-01-31T14:00Z&interval=1M" +
      "&symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&to=2026-02-01T00:00:05.001Z",
  );
});

Deno.test("toHref() and related functions add the base path, and times that the API accepts", () => {
  assert.equal(toHref("/wick", "/styles.css"), "/wick/styles.css");
  assert.equal(
    candlesHref("/wick", { ...series, from: parseTime("2026-01-31T14:00:07Z") }, 500),
    "/wick/api/candles?symbol=BTCUSDT&interval=4h&from=2026-01-31T14:00:07Z&limit=500",
  );
  const href = exportHref("", { ...series, from: parseTime("2026-01-31") });
  const from = new URL(href, "http://x").searchParams.get("from")!;
  assert.equal(parseTime(from), parseTime("2026-01-31"));
});
