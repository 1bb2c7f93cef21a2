import assert from "node:assert/strict";
import { parseTime } from "../core/time.ts";
import { klinesSchema } from "./binance_schema.ts";
import { toKline } from "./kline_row.ts";
import { requireSound } from "./kline_rules.ts";

const series = { symbol: "BTCUSDT", interval: "2h" } as const;
const OPEN = parseTime("2020-12-21T12:00:00Z");

/** A valid row with some fields changed. */
function row(change: Readonly<Record<number, unknown>> = {}): unknown[] {
  const good = [OPEN, "11", "12", "9", "10", "5", OPEN + 7_199_999, "55.5", 3, "1", "11", "0"];
  return good.map((value, i) => i in change ? change[i] : value);
}

const check = (...rows: unknown[]) => requireSound(klinesSchema.parse(rows).map(toKline), series);

Deno.test("requireSound() accepts the irregular candles that the exchange has served after outages", () => {
  check(row());
  check(row({ 6: parseTime("2020-12-21T12:47:20.521Z") })); // shortened
  check(row({ 6: OPEN + 7_200_000 })); // a millisecond late
  // A stub that closes before it opens.
  check(row({
    1: "11",
    2: "11",
    3: "11",
    4: "11",
    5: "0",
    7: "0",
    8: 0,
    9: "0",
    10: "0",
    6: parseTime("2020-12-21T11:47:20.521Z"),
  }));
  check(row({ 2: "4928.6", 3: "0.00000100" })); // first minutes after the listing are volatile
});

Deno.test("requireSound() rejects impossible candles, and the schema rejects malformed numbers", () => {
  const impossible: Record<number, unknown>[] = [
    { 3: "-1" },
    { 1: "-11", 2: "-9", 3: "-12", 4: "-10" },
    { 2: "9", 3: "12" },
    { 1: "13" },
    { 4: "8.99999999" },
    { 5: "-5" },
    { 7: "-0.1" },
    { 9: "-1" },
    { 6: 0 },
    { 6: OPEN - 1 },
    { 6: OPEN + 40 * 86_400_000 },
    { 0: 5, 6: 5 },
    { 2: "1" + "0".repeat(25) },
    { 5: "9".repeat(30) },
  ];
  for (const change of impossible) {
    assert.throws(() => check(row(change)), { code: "bad_payload" }, JSON.stringify(change));
  }
  for (
    const text of ["1e5", "0x10", "NaN", "Infinity", "", " 1", "1.", ".5", "+1", "9".repeat(31)]
  ) {
    assert.throws(() => check(row({ 2: text })), text);
  }
});

Deno.test("requireSound() rejects two values for one open time, and candles of another length", () => {
  check(row(), row());
  assert.throws(() => check(row(), row({ 4: "11" })), /appears twice/);
  const hours = Array.from(
    { length: 6 },
    (_, i) => row({ 0: OPEN + i * 3_600_000, 6: OPEN + (i + 1) * 3_600_000 - 1 }),
  );
  assert.throws(() => check(...hours), /not a 2h candle/);
});
