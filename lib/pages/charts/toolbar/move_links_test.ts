import assert from "node:assert/strict";
import fc from "fast-check";
import { wholeRange } from "../../../chart/model/chart_window.ts";
import { drawnStepMs } from "../../../chart/model/merge_candles.ts";
import { movedRange } from "../../../chart/model/moved_window.ts";
import { endOf, INTERVALS, openTimeOf, shiftOpen } from "../../../core/interval.ts";
import { parseTime } from "../../../core/time.ts";
import { chartParams } from "../../../core/chart_address.ts";
import { type MoveContext, toMoveAddresses } from "./move_links.ts";

const context: MoveContext = {
  address: { symbol: "BTCUSDT", interval: "4h" },
  interval: "4h",
  first: parseTime("2025-05-01"),
  last: parseTime("2025-05-10T20:00Z"),
  perBar: 1,
  oldest: parseTime("2017-08-17T04:00Z"),
  newest: parseTime("2025-05-10T20:00Z"),
};

const moves = (change: Partial<MoveContext>) =>
  Object.entries(toMoveAddresses({ ...context, ...change }))
    .map(([move, address]) =>
      [
        move,
        ...chartParams(address).filter(([name]) => name === "from" || name === "to")
          .map((param) => param.join("=")),
      ].join(" ")
    );

Deno.test("toMoveAddresses() of the newest candles link back and in, and stay live", () => {
  assert.deepEqual(moves({}), [
    "earlier from=2025-04-23T00:00Z to=2025-05-03T00:00Z",
    "out from=2025-04-21T00:00Z",
    "in from=2025-05-05T04:00Z",
  ]);
});

Deno.test("toMoveAddresses() of an old range link both ways, and to the newest candles", () => {
  const address = { ...context.address, from: context.first, to: parseTime("2025-05-11") };
  assert.deepEqual(moves({ address, newest: parseTime("2025-06-01") }), [
    "earlier from=2025-04-23T00:00Z to=2025-05-03T00:00Z",
    "out from=2025-04-21T00:00Z to=2025-05-11T00:00Z",
    "in from=2025-05-05T04:00Z to=2025-05-11T00:00Z",
    "later from=2025-05-09T00:00Z to=2025-05-19T00:00Z",
    "reset",
  ]);
  assert.ok(
    moves({ address, newest: parseTime("2025-05-15") }).includes(
      "later from=2025-05-05T04:00Z",
    ),
  );
});

Deno.test("toMoveAddresses() ends where the data does", () => {
  assert.deepEqual(moves({ oldest: context.first }), ["in from=2025-05-05T04:00Z"]);
  const oldest = parseTime("2025-05-06");
  assert.deepEqual(moves({ oldest, first: oldest }), []);
});

Deno.test("toMoveAddresses() lead to the window that the key leads to, at every interval", () => {
  const oldest = parseTime("2017-09-01");
  fc.assert(fc.property(
    fc.constantFrom(...INTERVALS),
    fc.integer({ min: 36, max: 500 }),
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 0, max: 300 }),
    (interval, candles, older, newer) => {
      const start = openTimeOf(oldest, interval);
      const at = (index: number) => shiftOpen(start, interval, index);
      const [first, last] = [at(older), at(older + candles - 1)];
      const newest = at(older + candles - 1 + newer);
      const stepMs = drawnStepMs(interval);
      const address = { symbol: "BTCUSDT", interval, from: first, to: endOf(last, interval) };
      const links = toMoveAddresses({
        address,
        interval,
        perBar: 1,
        first,
        last,
        oldest: start,
        newest,
      });
      const end = endOf(newest, interval);
      const extent = { first: start, end, stepMs, shortestMs: stepMs };
      for (const move of ["earlier", "out", "in", "later"] as const) {
        const key = movedRange(wholeRange(first, last, stepMs), move, extent);
        const link = links[move];
        assert.equal(link === undefined, key === undefined, move);
        if (link === undefined || key === undefined) continue;
        const linkLast = shiftOpen(link.to ?? end, interval, -1);
        const page = wholeRange(link.from!, linkLast, stepMs);
        const isSame = (a: number, b: number) => Math.abs(a - b) < stepMs / 4;
        assert.ok(isSame(page.from, key.from) && isSame(page.to, key.to), move);
      }
    },
  ));
});
