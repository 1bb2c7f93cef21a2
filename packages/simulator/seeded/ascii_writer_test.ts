import assert from "node:assert/strict";
import { AsciiWriter } from "./ascii_writer.ts";

function written(write: (out: AsciiWriter) => void): string {
  const out = new AsciiWriter(4);
  write(out);
  return out.toString();
}

Deno.test("AsciiWriter writes whole numbers up to 2^53 digit for digit", () => {
  for (const value of [0, 7, 10, 99_999_999, 100_000_000, 1_795_346_314_881_000, 2 ** 53 - 1]) {
    assert.equal(written((out) => out.integer(value)), String(value));
  }
});

Deno.test("AsciiWriter.fixed() and decimal() write eight decimals", () => {
  const cases: [number, number, string][] = [
    [635, 4, "0.06350000"],
    [0, 8, "0.00000000"],
    [1234, 8, "0.00001234"],
    [10_000_000, 2, "100000.00000000"],
    [42, 0, "42.00000000"],
    [9_007_199_254_740_991, 5, "90071992547.40991000"],
  ];
  for (const [units, decimals, text] of cases) {
    assert.equal(written((out) => out.fixed(units, decimals)), text);
  }
  assert.equal(written((out) => out.decimal(12, 345_678, 4)), "46.56780000");
});
