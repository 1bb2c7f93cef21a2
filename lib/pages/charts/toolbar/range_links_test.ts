import assert from "node:assert/strict";
import { parseTime, toIso } from "../../../core/time.ts";
import { type RangeContext, toRangeLinks } from "./range_links.ts";

const context: RangeContext = {
  address: { symbol: "BTCUSDT", interval: "1h" },
  intervals: ["1h", "4h", "1d"],
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
