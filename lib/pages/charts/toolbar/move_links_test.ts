import assert from "node:assert/strict";
import { parseTime } from "../../../core/time.ts";
import { chartParams } from "../../components/href.ts";
import { type MoveContext, toMoveAddresses } from "./move_links.ts";

const context: MoveContext = {
  address: { symbol: "BTCUSDT", interval: "4h" },
  interval: "4h",
  first: parseTime("2025-05-01"),
  last: parseTime("2025-05-10T20:00Z"),
  candles: 60,
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
    "earlier from=2025-04-21T00:00Z to=2025-05-01T00:00Z",
    "out from=2025-04-21T00:00Z",
    "in from=2025-05-06T00:00Z",
  ]);
});

Deno.test("toMoveAddresses() of an old range link both ways, and to the newest candles", () => {
  const address = { ...context.address, from: context.first, to: parseTime("2025-05-11") };
  assert.deepEqual(moves({ address, newest: parseTime("2025-06-01") }), [
    "earlier from=2025-04-21T00:00Z to=2025-05-01T00:00Z",
    "out from=2025-04-21T00:00Z to=2025-05-11T00:00Z",
    "in from=2025-05-06T00:00Z to=2025-05-11T00:00Z",
    "later from=2025-05-11T00:00Z to=2025-05-21T00:00Z",
    "reset",
  ]);
  assert.ok(
    moves({ address, newest: parseTime("2025-05-15") }).includes(
      "later from=2025-05-11T00:00Z",
    ),
  );
});

Deno.test("toMoveAddresses() end at the ends of the data", () => {
  assert.deepEqual(moves({ oldest: context.first, candles: 12 }), []);
});
