import assert from "node:assert/strict";
import { AppError } from "../../core/errors.ts";
import { parseTime } from "../../core/time.ts";
import { findOverlay } from "../../chart/model/overlay.ts";
import { type ChartAddress, chartHref } from "../components/href.ts";
import { CHART_PARAMS, parseChartsQuery } from "./charts_query.ts";

const parse = (query: string) =>
  parseChartsQuery(new URLSearchParams(query), ["BTCUSDT"], { intervals: ["1h"] });
const hrefOf = (address: ChartAddress) => chartHref("", address);

Deno.test("parseChartsQuery() and chartHref() are inverse to each other", () => {
  const addresses: ChartAddress[] = [
    { symbol: "BTCUSDT", interval: "1h" },
    { symbol: "币安人生USDT", interval: "1M", from: 0, to: parseTime("2026-02-01T00:00:05.001Z") },
    {
      symbol: "ETHUSDT",
      interval: "4h",
      from: parseTime("2026-01-31T14:00Z"),
      scale: "log",
      tz: "local",
      theme: "dark",
      colors: "blue",
      candles: "hollow",
      overlays: ["sma20", "ema50", "bb20", "vwap", "rsi14"].map((name) => findOverlay(name)!),
      isPinned: true,
      page: 3,
    },
    { symbol: "ETHUSDT", interval: "1d", theme: "light", colors: "inverse", candles: "solid" },
  ];
  for (const address of addresses) {
    const query = hrefOf(address).split("?")[1]!;
    assert.deepEqual(parse(query), { isPinned: false, ...address });
    assert.deepEqual([...new URLSearchParams(query).keys()].sort(), [
      ...new URLSearchParams(query).keys(),
    ], "sorted");
  }
});

Deno.test("chartHref() omits defaults", () => {
  assert.equal(hrefOf(parse("")), "/charts?interval=1h&symbol=BTCUSDT");
  assert.equal(
    hrefOf(parse("tz=utc&page=1&scale=linear&utm_source=x")),
    "/charts?interval=1h&symbol=BTCUSDT",
  );
  assert.match(hrefOf(parse("overlays=rsi14,sma20,rsi14")), /overlays=sma20,rsi14&/);
});

Deno.test("parseChartsQuery() names the parameter, its value and the allowed values", () => {
  for (
    const [query, param, allowed] of [
      ["scale=cube", "scale", "linear or log"],
      ["tz=CET", "tz", "utc or local"],
      ["theme=auto", "theme", "light or dark"],
      ["colors=red", "colors", "blue or inverse"],
      ["candles=bars", "candles", "hollow or solid"],
      ["overlays=sma20,macd", "overlays", "smaN, emaN, bbN, rsiN, vwap"],
      ["overlays=sma2,sma3,sma4,sma5,sma6,sma7,sma8", "overlays", "at most 6"],
      ["overlays=", "overlays", "is empty"],
      ["pin=yes", "pin", "must be 1"],
      ["page=0", "page", "a whole number from 1 to 1000"],
      ["scale=log&scale=log", "scale", "more than once"],
    ] as const
  ) {
    assert.throws(
      () => parse(query),
      (error) =>
        error instanceof AppError && error.code === "invalid_input" && error.param === param &&
        error.message.includes(allowed),
      query,
    );
  }
});

Deno.test("docs/charts.md lists every parameter of a chart's URL, and no other", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/charts.md", import.meta.url));
  const named = [...text.matchAll(/^- (`\w+`(?:, `\w+`)*)/gm)].flatMap(([, names = ""]) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name)
  );
  assert.deepEqual(named.toSorted(), CHART_PARAMS.toSorted());
});
