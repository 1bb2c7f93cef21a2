import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../core/errors.ts";
import { findOverlay, inOrder } from "../../core/overlay.ts";
import { INTERVALS } from "../../core/interval.ts";
import { MAX_TIME } from "../../core/time.ts";
import {
  CANDLE_FILLS,
  changedHref,
  CHART_TYPES,
  type ChartAddress,
  FIXED_THEMES,
  PALETTES,
} from "../../core/chart_address.ts";
import { chartHref } from "../components/href.ts";
import { chartAddressRules } from "../../core/chart_address_rules.ts";
import { parseChartsQuery } from "./charts_query.ts";

const parse = (query: string) =>
  parseChartsQuery(new URLSearchParams(query), ["BTCUSDT"], { intervals: ["1h"] });
const hrefOf = (address: ChartAddress) => chartHref("", address);

const address: fc.Arbitrary<ChartAddress> = fc.record({
  symbol: fc.constantFrom("BTCUSDT", "ETHBTC", "1000SATSUSDT", "币安人生USDT", "A.B-C_D"),
  interval: fc.constantFrom(...INTERVALS),
  from: fc.option(fc.integer({ min: 0, max: MAX_TIME - 1 }), { nil: undefined }),
  lengthMs: fc.option(fc.integer({ min: 1, max: 1e12 }), { nil: undefined }),
  scale: fc.constantFrom(undefined, "log"),
  tz: fc.constantFrom(undefined, "local"),
  theme: fc.constantFrom(undefined, ...FIXED_THEMES),
  colors: fc.constantFrom(undefined, ...PALETTES),
  candles: fc.constantFrom(undefined, ...CANDLE_FILLS),
  type: fc.constantFrom(undefined, ...CHART_TYPES.slice(1)),
  overlays: fc.array(fc.constantFrom("sma20", "ema50", "bb2", "vwap", "rsi200"), { maxLength: 6 }),
  isPinned: fc.boolean(),
  page: fc.constantFrom(undefined, 2, 1000),
}).map(({ lengthMs, overlays, ...rest }) => ({
  ...rest,
  to: lengthMs === undefined ? undefined : Math.min(MAX_TIME, (rest.from ?? 0) + lengthMs),
  overlays: overlays.length === 0 ? undefined : inOrder(overlays.map((name) => findOverlay(name)!)),
}));

/** Without members that are `undefined`. */
const said = (address: ChartAddress) =>
  Object.fromEntries(Object.entries(address).filter(([, value]) => value !== undefined));

Deno.test("parseChartsQuery() and chartHref() are each other's reverse, parameters by name", () => {
  fc.assert(fc.property(address, (address) => {
    const query = hrefOf(address).split("?")[1]!;
    assert.deepEqual(parse(query), said(address));
    assert.equal(hrefOf(parse(query)), hrefOf(address));
    const names = [...new URLSearchParams(query).keys()];
    assert.deepEqual(names, names.toSorted());
  }));
});

Deno.test("changedHref() of a written address is the changed address, written", () => {
  fc.assert(fc.property(
    address,
    address,
    fc.subarray(
      ["symbol", "interval", "from", "to", "scale", "overlays", "isPinned", "page"] as const,
    ),
    (address, other, keys) => {
      const change = Object.fromEntries(keys.map((key) => [key, other[key]]));
      const href = "http://wick.test" + chartHref("/base", address);
      assert.equal(
        changedHref(href, change),
        "http://wick.test" + chartHref("/base", { ...address, ...change }),
      );
    },
  ));
});

Deno.test("changedHref() reads hand-written addresses and leaves unknown parameters", () => {
  const href = "http://wick.test/charts?symbol=ETHUSDT&utm_source=a%20b&from=1735689600000#top";
  assert.equal(
    changedHref(href, { from: undefined, interval: "4h", isPinned: true }),
    "http://wick.test/charts?interval=4h&pin=1&symbol=ETHUSDT&utm_source=a%20b",
  );
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
  assert.deepEqual(named.toSorted(), Object.keys(chartAddressRules.shape).toSorted());
});
