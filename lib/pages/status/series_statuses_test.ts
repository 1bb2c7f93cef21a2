import assert from "node:assert/strict";
import type { Interval } from "../../core/interval.ts";
import { DAY_MS, HOUR_MS, parseTime } from "../../core/time.ts";
import type { SeriesExtent } from "../../ports/kline_reader.ts";
import type { GapCount } from "../../ports/status_reader.ts";
import { type SeriesFacts, toSeriesStatuses } from "./series_statuses.ts";

const intervals = ["1h", "4h", "1d"] as const;
const serverTime = parseTime("2025-06-01");

const facts = (symbols: readonly string[], read: () => void = () => {}) => {
  const series = symbols.flatMap((symbol) =>
    intervals.map((interval) => ({
      get symbol() {
        read();
        return symbol;
      },
      interval,
    }))
  );
  const coverage = series.map((one, i): SeriesExtent =>
    Object.assign(one, {
      baseAsset: "A",
      quoteAsset: "USDT",
      status: "TRADING",
      tickSize: undefined,
      rows: i + 1,
      importedRows: 0,
      offGrid: 0,
      firstOpenTime: serverTime - 100 * HOUR_MS,
      lastOpenTime: serverTime - 24 * HOUR_MS,
      listedAt: undefined,
    })
  );
  const gapCounts = coverage.map((one): GapCount =>
    Object.create(one, {
      class: { value: "pending" },
      ranges: { value: 1 },
      missing: { value: one.rows },
    })
  );
  return { coverage, gapCounts };
};

const site = { symbols: [], intervals, historySince: 0, hasArchive: false, serverTime };

Deno.test("toSeriesStatuses() gives each series its own rows and gaps; configured series first", async () => {
  const { coverage, gapCounts } = facts(["OLDUSDT", "BTCUSDT", "ETHUSDT"]);
  const statuses = await toSeriesStatuses({
    ...site,
    symbols: ["ETHUSDT", "BTCUSDT", "NEWUSDT"],
    coverage,
    gapCounts,
  });
  const words = statuses.map(({ symbol, interval, rows, gaps, state }) =>
    `${symbol} ${interval} ${rows} ${gaps[0]?.missing} ${state}`
  );
  assert.deepEqual(words, [
    "ETHUSDT 1h 7 7 stale",
    "ETHUSDT 4h 8 8 stale",
    "ETHUSDT 1d 9 9 fresh",
    "BTCUSDT 1h 4 4 stale",
    "BTCUSDT 4h 5 5 stale",
    "BTCUSDT 1d 6 6 fresh",
    "NEWUSDT 1h 0 undefined collecting",
    "NEWUSDT 4h 0 undefined collecting",
    "NEWUSDT 1d 0 undefined collecting",
    "OLDUSDT 1h 1 1 left",
    "OLDUSDT 4h 2 2 left",
    "OLDUSDT 1d 3 3 left",
  ]);
});

Deno.test("toSeriesStatuses() reads each fact a few times, however many series there are", async () => {
  const symbols = Array.from({ length: 3_000 }, (_, i) => `S${i}USDT`);
  let reads = 0;
  const { coverage, gapCounts } = facts(symbols, () => reads++);
  const statuses = await toSeriesStatuses({ ...site, symbols, coverage, gapCounts });
  assert.equal(statuses.length, 9_000);
  assert.ok(reads <= 10 * statuses.length, `${reads} reads of 9,000 series`);
});

const NOW = parseTime("2024-06-01T00:01Z");
/** Open time of the newest closed hourly candle. */
const LAST = parseTime("2024-05-31T23:00Z");
const LISTED = LAST - 9 * HOUR_MS;

const held = (change: Partial<SeriesExtent> = {}): SeriesExtent => ({
  symbol: "BTCUSDT",
  interval: "1h",
  baseAsset: "BTC",
  quoteAsset: "USDT",
  status: "TRADING",
  tickSize: "0.01",
  rows: 10,
  importedRows: 0,
  offGrid: 0,
  firstOpenTime: LISTED,
  lastOpenTime: LAST,
  listedAt: LISTED,
  ...change,
});

const statuses = (coverage: readonly SeriesExtent[], change: Partial<SeriesFacts> = {}) =>
  toSeriesStatuses({
    symbols: ["BTCUSDT"],
    intervals: ["1h"],
    historySince: 0,
    hasArchive: false,
    coverage,
    gapCounts: [],
    serverTime: NOW,
    ...change,
  });

const statusOf = (own: Partial<SeriesExtent> = {}, change: Partial<SeriesFacts> = {}) =>
  statuses([held(own)], change).then(([status]) => status!);

Deno.test("toSeriesStatuses() lists configured series in their order, then other stored ones", async () => {
  const other = (symbol: string, interval: Interval, rows = 1) => held({ symbol, interval, rows });
  const coverage = [
    other("ZECUSDT", "1d"),
    other("ADAUSDT", "4h"),
    other("ADAUSDT", "15m"),
    other("BTCUSDT", "1m"),
    other("EOSUSDT", "1h", 0),
    held(),
  ];
  const all = await statuses(coverage, {
    symbols: ["ETHUSDT", "BTCUSDT"],
    intervals: ["4h", "1h"],
  });
  assert.deepEqual(all.map(({ symbol, interval, state }) => `${symbol} ${interval} ${state}`), [
    "ETHUSDT 4h collecting",
    "ETHUSDT 1h collecting",
    "BTCUSDT 4h collecting",
    "BTCUSDT 1h fresh",
    "ADAUSDT 15m left",
    "ADAUSDT 4h left",
    "BTCUSDT 1m left",
    "ZECUSDT 1d left",
  ]);
});

Deno.test("a complete series is fully covered, and one with a gap by the share of its rows", async () => {
  const whole = await statusOf();
  assert.deepEqual([whole.state, whole.expected, whole.coverage], ["fresh", 10, 1]);
  assert.deepEqual([whole.newestClosed, whole.remaining], [LAST + HOUR_MS, 0]);
  const gap = {
    symbol: "BTCUSDT",
    interval: "1h",
    class: "pending",
    ranges: 1,
    missing: 2,
  } as const;
  const other = { ...gap, symbol: "ETHUSDT", missing: 7 };
  const part = await statusOf({ rows: 8 }, { gapCounts: [gap, other] });
  assert.deepEqual([part.coverage, part.remaining], [0.8, 2]);
  assert.deepEqual(part.gaps, [{ class: "pending", ranges: 1, missing: 2 }]);
});

Deno.test("a symbol that no longer trades is idle, and misses nothing since its last candle", async () => {
  const days = (count: number) => ({
    firstOpenTime: LISTED - count * DAY_MS,
    lastOpenTime: LAST - count * DAY_MS,
    listedAt: LISTED - count * DAY_MS,
  });
  const idle = await statusOf({ status: "BREAK", ...days(30) });
  assert.deepEqual([idle.state, idle.expected, idle.coverage], ["idle", 10, 1]);
  assert.equal(
    (await statusOf({ status: "BREAK" })).state,
    "fresh",
    "its last candle is the newest",
  );
  assert.equal((await statusOf(days(30))).state, "stale");
});

Deno.test("history begins at the listing or HISTORY_SINCE, whichever is later, once it is known", async () => {
  assert.equal((await statusOf()).since, LISTED);
  const later = LISTED + 4 * HOUR_MS;
  assert.equal((await statusOf({}, { historySince: later })).since, later);
  const unknown = await statusOf({ listedAt: undefined });
  assert.deepEqual([unknown.since, unknown.expected, unknown.coverage], [
    undefined,
    undefined,
    undefined,
  ]);
  assert.equal((await statusOf({ listedAt: undefined }, { historySince: later })).since, later);
});

Deno.test("more rows than expected count as all", async () => {
  assert.equal((await statusOf({ rows: 12 })).coverage, 1);
});
