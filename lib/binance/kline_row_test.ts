import assert from "node:assert/strict";
import fc from "fast-check";
import { isKlineRow, klineRowSchema } from "./binance_schema.ts";
import { parseKlineRows } from "./kline_row.ts";

const valid: readonly unknown[] = [
  1609459200000,
  "28923.63000000",
  "29031.34000000",
  "28690.17000000",
  "28995.13000000",
  "2311.81144500",
  1609462799999,
  "66768830.34010008",
  58389,
  "1215.35922600",
  "35103542.78288276",
  "0",
];

/** Values that a field may have in JSON, most of them close to valid ones. */
const field = fc.oneof(
  fc.constantFrom(...valid),
  fc.stringMatching(/^[-+]?\d{0,32}\.?\d{0,32}$/),
  fc.string({ unit: fc.constantFrom("0", "7", ".", "-", "e", " ", "\n", "٣") }),
  fc.integer(),
  fc.maxSafeNat(),
  fc.double(),
  fc.constantFrom<unknown>(-0, 2 ** 53, 1e21, true, null, "", "1\n", " 1", "1.", "NaN"),
  fc.jsonValue(),
);

/** A valid row with some fields replaced, or of another length. */
const row = fc.tuple(
  fc.array(fc.tuple(fc.nat({ max: 13 }), field), { maxLength: 3 }),
  fc.integer({ min: 9, max: 14 }),
  fc.boolean(),
).map(([changes, length, isResized]) => {
  const made: unknown[] = [...valid];
  for (const [at, value] of changes) made[at] = value;
  if (isResized) made.length = length;
  return Array.from(made, (value) => value === undefined ? null : value);
});

Deno.test("isKlineRow() agrees with the schema, whose output equals its input", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(row, fc.jsonValue()), (value) => {
      const parsed = klineRowSchema.safeParse(value);
      assert.equal(isKlineRow(value), parsed.success);
      if (!parsed.success) return;
      accepted++;
      assert.deepEqual(parsed.data, value);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(accepted > 1_000, `only ${accepted} valid rows`);
});

Deno.test("parseKlineRows() names the invalid field of an invalid row", () => {
  assert.deepEqual(parseKlineRows([valid, valid], "klines"), [valid, valid]);
  for (
    const [json, words] of [
      [[valid, valid.with(2, "1e5")], /Cannot read klines at 1\.2: /],
      [[valid, valid.with(8, -1)], /Cannot read klines at 1\.8: /],
      [[valid.slice(0, 8)], /Cannot read klines at 0/],
      [{ msg: "no" }, /Cannot read klines: /],
    ] as const
  ) {
    assert.throws(() => parseKlineRows(json, "klines"), { code: "bad_payload", message: words });
  }
});
