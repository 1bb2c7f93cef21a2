import assert from "node:assert/strict";
import { CHART_TYPES } from "../../core/chart_address.ts";
import type { Candle, Prices } from "./candle.ts";
import { drawnAfter, mergeDrawn, toDrawn } from "./drawn_prices.ts";
import { heikinAshi } from "./heikin_ashi.ts";

const HOUR = 3_600_000;
const AS = { type: "heikin", stepMs: HOUR } as const;

function candle(hour: number, [open, high, low, close]: readonly number[]): Candle {
  const prices = { open: open!, high: high!, low: low!, close: close! };
  return { openTime: hour * HOUR, ...prices, volume: 1, quoteVolume: 1, trades: 1, takerBuy: 1 };
}

const drawn = (candles: readonly Candle[]) =>
  candles.map(({ drawn }) => drawn && [drawn.open, drawn.high, drawn.low, drawn.close]);

/** Open, high, low, close, and the Heikin-Ashi candle worked out by hand. */
const TABLE = [
  // open (10 + 13) / 2, close (10 + 14 + 8 + 13) / 4
  [[10, 14, 8, 13], [11.5, 14, 8, 11.25]],
  // open (11.5 + 11.25) / 2, close (13 + 17 + 12 + 16) / 4
  [[13, 17, 12, 16], [11.375, 17, 11.375, 14.5]],
  // open (11.375 + 14.5) / 2, close (16 + 18 + 15 + 17) / 4: it opens below its low
  [[16, 18, 15, 17], [12.9375, 18, 12.9375, 16.5]],
  // open (12.9375 + 16.5) / 2, close (9 + 10 + 7 + 8) / 4: it opens above its high
  [[9, 10, 7, 8], [14.71875, 14.71875, 7, 8.5]],
] as const;
const CANDLES = TABLE.map(([prices], i) => candle(i, prices));

Deno.test("Heikin-Ashi candles equal the table worked out by hand, and keep the exchange's prices", () => {
  const candles = toDrawn(CANDLES, AS);
  assert.deepEqual(drawn(candles), TABLE.map(([, wanted]) => [...wanted]));
  assert.deepEqual(candles.map(({ drawn: _, ...rest }) => rest), CANDLES);
});

Deno.test("a gap restarts Heikin-Ashi candles", () => {
  const [first, second] = CANDLES as [Candle, Candle];
  const far = { ...second, openTime: 5 * HOUR };
  assert.deepEqual(drawn(toDrawn([first, far], AS))[1], [14.5, 17, 12, 14.5]);
});

Deno.test("drawnAfter() draws the open candle as it is drawn once it has closed, for every type", () => {
  for (const type of CHART_TYPES) {
    const as = { type, stepMs: HOUR };
    const closed = toDrawn(CANDLES, as);
    const last = toDrawn(CANDLES.slice(0, -1), as).at(-1);
    assert.deepEqual(drawnAfter(last, CANDLES.at(-1)!, as), closed.at(-1), type);
  }
});

Deno.test("hollow candles know the close before them, except after a gap", () => {
  const candles = [...CANDLES, candle(9, [8, 9, 7, 8])];
  const before = toDrawn(candles, { type: "hollow", stepMs: HOUR }).map((one) => one.drawn!.before);
  assert.deepEqual(before, [undefined, 13, 16, 17, undefined]);
});

Deno.test("charts of closes draw nothing but the close", () => {
  for (const type of ["line", "area", "baseline"] as const) {
    assert.deepEqual(drawn(toDrawn(CANDLES, { type, stepMs: HOUR }))[0], [13, 13, 13, 13]);
  }
  assert.equal(toDrawn(CANDLES, { type: "bars", stepMs: HOUR }), CANDLES);
});

Deno.test("mergeDrawn() merges Heikin-Ashi candles, and takes the closes of merged bars", () => {
  const [bar] = mergeDrawn(toDrawn(CANDLES, AS), { type: "heikin", stepMs: 4 * HOUR });
  assert.deepEqual([bar!.open, bar!.close], [10, 8]);
  assert.deepEqual(drawn([bar!]), [[11.5, 18, 7, 8.5]]);
  const line = { type: "line", stepMs: 4 * HOUR } as const;
  assert.deepEqual(drawn(mergeDrawn(toDrawn(CANDLES, { ...line, stepMs: HOUR }), line)), [
    [8, 8, 8, 8],
  ]);
});

Deno.test("heikinAshi() of an unchanged price is that price", () => {
  const still: Prices = { open: 5, high: 5, low: 5, close: 5 };
  assert.deepEqual(heikinAshi(still, still), still);
});
