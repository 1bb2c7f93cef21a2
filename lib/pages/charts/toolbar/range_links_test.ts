import assert from "node:assert/strict";
import fc from "fast-check";
import { chartParams } from "../../../core/chart_address.ts";
import { openTimeOf } from "../../../core/interval.ts";
import { DAY_MS, parseTime, toIso } from "../../../core/time.ts";
import { shownInterval } from "../chart_candles.ts";
import { parseChartsQuery } from "../charts_query.ts";
import { type RangeContext, toRangeLinks } from "./range_links.ts";

const context: RangeContext = {
  address: { symbol: "BTCUSDT", interval: "1h" },
  held: (["1h", "4h", "1d"] as const).map((interval) => ({
    interval,
    firstOpenTime: parseTime("2017-08-17T04:00Z"),
  })),
  firstOpenTime: parseTime("2017-08-17T04:00Z"),
  serverTime: parseTime("2025-05-31T23:41Z"),
};

const links = (change: Partial<RangeContext>) =>
  toRangeLinks({ ...context, ...change })
    .map(({ name, address }) =>
      `${name} interval=${address.interval} from=${toIso(address.from!).replace(":00.000", "")}`
    );

Deno.test("toRangeLinks() keep the requested interval, and name a longer one if needed", () => {
  assert.deepEqual(links({}), [
    "24h interval=1h from=2025-05-30T23:00Z",
    "7d interval=1h from=2025-05-24T23:00Z",
    "30d interval=1h from=2025-05-01T23:00Z",
    "90d interval=1h from=2025-03-02T23:00Z",
    "1y interval=1h from=2024-05-31T23:00Z",
    "All interval=1h from=2017-08-17T04:00Z",
  ]);
  const titles = toRangeLinks(context).map(({ title }) => title);
  assert.deepEqual(titles, [
    "24 hours",
    "7 days",
    "30 days, 4h candles",
    "90 days, 1d candles",
    "1 year, 1d candles",
    "everything, 1d candles",
  ]);
  const pinned = { ...context, address: { ...context.address, isPinned: true } };
  assert.equal(toRangeLinks(pinned)[4]!.title, "1 year");
});

Deno.test("toRangeLinks() omit ranges of less than two candles", () => {
  const address = { symbol: "BTCUSDT", interval: "1d" } as const;
  assert.deepEqual(links({ address }).map((link) => link.split(" ")[0]), [
    "7d",
    "30d",
    "90d",
    "1y",
    "All",
  ]);
});

Deno.test("toRangeLinks() mark the current range, also some time later, and none for a frozen view", () => {
  const current = (change: Partial<RangeContext["address"]>) =>
    toRangeLinks({ ...context, address: { ...context.address, ...change } })
      .filter(({ isCurrent }) => isCurrent).map(({ name }) => name);
  const from = parseTime("2025-05-24T22:00Z");
  assert.deepEqual(current({ from }), ["7d"]);
  assert.deepEqual(current({ from, to: parseTime("2025-05-31") }), []);
  assert.deepEqual(current({}), []);
});

Deno.test("toRangeLinks() lead to pages that show what the title says, whatever series there are", () => {
  const spans = { "1m": 0.2, "5m": 1, "1h": 20, "4h": 90, "1d": 400, "1w": 3000 } as const;
  const intervals = Object.keys(spans) as (keyof typeof spans)[];
  const held = fc.record(Object.fromEntries(
    intervals.map((
      interval,
    ) => [interval, fc.option(fc.double({ min: 0.01, max: 2, noNaN: true }))]),
  ));
  fc.assert(fc.property(
    held,
    fc.constantFrom(...intervals),
    fc.boolean(),
    fc.integer({ min: 0, max: 3_000 * DAY_MS }),
    (shares, interval, isPinned, ageMs) => {
      const serverTime = context.serverTime - ageMs;
      const series = intervals.flatMap((one) => {
        const share = shares[one];
        if (share == null) return [];
        return [{
          interval: one,
          firstOpenTime: openTimeOf(serverTime - share * spans[one] * DAY_MS, one),
        }];
      });
      const firstOpenTime = series.find((one) => one.interval === interval)?.firstOpenTime;
      if (firstOpenTime === undefined) return;
      const address = { symbol: "BTCUSDT", interval, isPinned };
      for (const link of toRangeLinks({ address, held: series, firstOpenTime, serverTime })) {
        const query = new URLSearchParams(chartParams(link.address).map((param) => [...param]));
        const asked = parseChartsQuery(query, [], { intervals: [] });
        const shown = shownInterval(asked, series, serverTime);
        const promised = / (\S+) candles$/.exec(link.title)?.[1] ?? interval;
        assert.equal(shown, promised, link.title);
      }
    },
  ));
});
