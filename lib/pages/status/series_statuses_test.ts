import assert from "node:assert/strict";
import { HOUR_MS, parseTime } from "../../core/time.ts";
import type { SeriesExtent } from "../../ports/kline_reader.ts";
import type { GapCount, SeriesActivity } from "../../ports/status_reader.ts";
import { toSeriesStatuses } from "./series_statuses.ts";

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
  const activity = coverage.map((one): SeriesActivity =>
    Object.create(one, { runId: { value: one.rows } })
  );
  return { coverage, gapCounts, activity };
};

const site = { symbols: [], intervals, historySince: 0, hasArchive: false, serverTime };

Deno.test("toSeriesStatuses() gives each series its own rows, gaps and run; configured series first", () => {
  const { coverage, gapCounts, activity } = facts(["OLDUSDT", "BTCUSDT", "ETHUSDT"]);
  const statuses = toSeriesStatuses({
    ...site,
    symbols: ["ETHUSDT", "BTCUSDT", "NEWUSDT"],
    coverage,
    gapCounts,
    activity,
  });
  const words = statuses.map(({ symbol, interval, rows, gaps, activity, state }) =>
    `${symbol} ${interval} ${rows} ${gaps[0]?.missing} ${activity?.runId} ${state}`
  );
  assert.deepEqual(words, [
    "ETHUSDT 1h 7 7 7 stale",
    "ETHUSDT 4h 8 8 8 stale",
    "ETHUSDT 1d 9 9 9 fresh",
    "BTCUSDT 1h 4 4 4 stale",
    "BTCUSDT 4h 5 5 5 stale",
    "BTCUSDT 1d 6 6 6 fresh",
    "NEWUSDT 1h 0 undefined undefined collecting",
    "NEWUSDT 4h 0 undefined undefined collecting",
    "NEWUSDT 1d 0 undefined undefined collecting",
    "OLDUSDT 1h 1 1 1 left",
    "OLDUSDT 4h 2 2 2 left",
    "OLDUSDT 1d 3 3 3 left",
  ]);
});

Deno.test("toSeriesStatuses() looks at each fact a few times, however many series there are", () => {
  const symbols = Array.from({ length: 3_000 }, (_, i) => `S${i}USDT`);
  let reads = 0;
  const { coverage, gapCounts, activity } = facts(symbols, () => reads++);
  const statuses = toSeriesStatuses({ ...site, symbols, coverage, gapCounts, activity });
  assert.equal(statuses.length, 9_000);
  assert.ok(reads <= 10 * statuses.length, `${reads} reads of 9,000 series`);
});
