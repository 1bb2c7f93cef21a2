import assert from "node:assert/strict";
import { parseStatusQuery } from "./status_query.ts";
import { filterSeries, sortSeries } from "./series_list.ts";
import type { SeriesStatus } from "./series_status.ts";

const one = (symbol: string, change: Partial<SeriesStatus> = {}): SeriesStatus => ({
  symbol,
  interval: "1h",
  state: "fresh",
  quote: symbol.slice(-4),
  symbolStatus: "TRADING",
  rows: 0,
  importedRows: 0,
  gaps: [],
  firstOpenTime: undefined,
  newestClosed: undefined,
  since: undefined,
  expected: undefined,
  coverage: undefined,
  remaining: 0,
  archived: undefined,
  ...change,
});

const ALL = [
  one("ETHUSDT", { rows: 5, coverage: 0.5, gaps: [{ class: "pending", ranges: 1, missing: 9 }] }),
  one("BTCUSDT", { rows: 7, coverage: 1, interval: "4h", state: "late" }),
  one("BTCUSDC", { rows: 6, remaining: 4, symbolStatus: "BREAK", state: "idle" }),
  one("ADAUSDT", { rows: 1, coverage: 0.1, remaining: undefined }),
];

const names = (series: readonly SeriesStatus[]) => series.map(({ symbol }) => symbol).join(" ");

Deno.test("filterSeries() selects by every part of the filter at once", () => {
  for (
    const [query, expected] of [
      ["", "ETHUSDT BTCUSDT BTCUSDC ADAUSDT"],
      ["q=btc", "BTCUSDT BTCUSDC"],
      ["q=btc&quote=USDC", "BTCUSDC"],
      ["symbol=BTCUSDT", "BTCUSDT"],
      ["interval=4h", "BTCUSDT"],
      ["freshness=idle", "BTCUSDC"],
      ["status=TRADING&interval=1h", "ETHUSDT ADAUSDT"],
      ["class=pending", "ETHUSDT"],
      ["history=complete", "ETHUSDT BTCUSDT"],
      ["history=incomplete", "BTCUSDC ADAUSDT"],
      ["q=x", ""],
    ] as const
  ) {
    const { filter } = parseStatusQuery(new URLSearchParams(query));
    assert.equal(names(filterSeries(ALL, filter)), expected, query);
  }
});

Deno.test("sortSeries() puts unknown values last in both orders, and keeps equal ones in place", () => {
  const sorted = (key: Parameters<typeof sortSeries>[1], order: "asc" | "desc") =>
    names(sortSeries(ALL, key, order));
  assert.equal(sorted(undefined, "desc"), names(ALL));
  assert.equal(sorted("symbol", "asc"), "ADAUSDT BTCUSDC BTCUSDT ETHUSDT");
  assert.equal(sorted("symbol", "desc"), "ETHUSDT BTCUSDT BTCUSDC ADAUSDT");
  assert.equal(sorted("candles", "desc"), "BTCUSDT BTCUSDC ETHUSDT ADAUSDT");
  assert.equal(sorted("coverage", "asc"), "ADAUSDT ETHUSDT BTCUSDT BTCUSDC");
  assert.equal(sorted("coverage", "desc"), "BTCUSDT ETHUSDT ADAUSDT BTCUSDC");
  assert.equal(sorted("gaps", "desc"), "ETHUSDT BTCUSDT BTCUSDC ADAUSDT");
  assert.equal(sorted("remaining", "desc"), "BTCUSDC ETHUSDT BTCUSDT ADAUSDT");
});
