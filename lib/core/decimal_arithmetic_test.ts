import assert from "node:assert/strict";
import { parseDecimal as of } from "./decimal.ts";
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  isZero,
  subtractDecimals,
} from "./decimal_arithmetic.ts";

Deno.test("sums and differences are exact and keep the finer digits", () => {
  assert.equal(addDecimals(of("0.1"), of("0.20000000")), "0.30000000");
  assert.equal(addDecimals(of("9007199254740993"), of("0.00000001")), "9007199254740993.00000001");
  assert.equal(subtractDecimals(of("0.05"), of("1.0000")), "-0.9500");
  assert.equal(subtractDecimals(of("7"), of("7")), "0");
});

Deno.test("decimals compare as numbers, whatever their digits", () => {
  assert.equal(compareDecimals(of("1.0"), of("1")), 0);
  assert.ok(compareDecimals(of("9.99999999"), of("10")) < 0);
  assert.ok(compareDecimals(of("-0.1"), of("-0.11")) > 0);
  assert.ok(isZero(of("0.00000000")));
  assert.ok(!isZero(of("0.00000001")));
});

Deno.test("quotients are rounded in the last digit, as the exchange rounds them", () => {
  // Recorded from the exchange: -188.18 of 118637.21, and its volumes of that day.
  assert.equal(divideDecimals(of("-188.18000000"), of("118637.21000000"), 3, 100n), "-0.159");
  assert.equal(
    divideDecimals(of("1744744445.80640740"), of("14741.41491000"), 8),
    "118356.64734074",
  );
  assert.equal(divideDecimals(of("1"), of("-8"), 2), "-0.13");
  assert.equal(divideDecimals(of("2"), of("3"), 0), "1");
  assert.throws(() => divideDecimals(of("1"), of("0.0"), 2), RangeError);
});
