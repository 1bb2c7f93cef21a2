import assert from "node:assert/strict";
import {
  compactText,
  deltaText,
  exactText,
  moneyText,
  numberText,
  priceDecimals,
  priceText,
  shareText,
} from "./number_text.ts";

Deno.test("numberText() separates thousands by commas and writes a true minus", () => {
  const cases: [number, number, string][] = [
    [104591.88, 2, "104,591.88"],
    [1234567, 0, "1,234,567"],
    [999, 0, "999"],
    [-0.031, 2, "\u22120.03"],
    [-0.001, 2, "0.00"],
    [NaN, 2, "–"],
  ];
  for (const [value, decimals, text] of cases) {
    assert.equal(numberText(value, decimals), text);
  }
});

Deno.test("priceText() keeps four significant digits below 0.01, without exponent", () => {
  const cases: [number, number, string][] = [
    [0.0000099487, 8, "0.000009949"],
    [0.0063504, 2, "0.006350"],
    [0.00001234, 8, "0.00001234"],
    [0.0000000123, 2, "0.00000001230"],
    [0.19188, 5, "0.19188"],
    [0, 2, "0.00"],
  ];
  for (const [value, decimals, text] of cases) assert.equal(priceText(value, decimals), text);
});

Deno.test("priceText() gives all prices of a tick size the same number of decimals", () => {
  const texts = [0.00001003, 0.00000999, 0.00001, 0.0099].map((price) => priceText(price, 8));
  assert.deepEqual(texts, ["0.00001003", "0.00000999", "0.00001000", "0.00990000"]);
});

Deno.test("priceDecimals() follows the tick size, and older prices that have more digits", () => {
  assert.equal(priceDecimals("0.01000000", [104591.88, 4]), 2);
  assert.equal(priceDecimals("1.00000000", [5]), 0);
  assert.equal(priceDecimals("0.00000100", []), 6);
  assert.equal(priceDecimals("0.00010000", [0.52345, 0.5]), 5);
  assert.equal(priceDecimals("0.00000001", [1.23e-7]), 9);
  assert.equal(priceDecimals(undefined, [12.5]), 1);
});

Deno.test("deltaText() always has a sign", () => {
  assert.equal(deltaText(0.0058), "+0.58%");
  assert.equal(deltaText(-0.0294), "\u22122.94%");
  assert.equal(deltaText(0), "+0.00%");
  assert.equal(deltaText(NaN), "–");
});

Deno.test("compactText() and moneyText() shorten, exactText() does not", () => {
  const cases: [number, string][] = [
    [12_412_345, "12.4M"],
    [1_181.3, "1,181"],
    [412.84, "412.8"],
    [52_792, "52.8k"],
    [0.00123, "0.001230"],
    [3_456_789_012, "3.46B"],
    [0, "0.00"],
  ];
  for (const [value, text] of cases) assert.equal(compactText(value), text);
  assert.equal(moneyText(2.784e12), "$2.784T");
  assert.equal(moneyText(95.4e9), "$95.4B");
  assert.equal(exactText(1417.39714), "1,417.39714");
  assert.equal(exactText(1e-8), "0.00000001");
});

Deno.test("shareText() gives small shares a second digit", () => {
  assert.equal(shareText(0.747), "74.7%");
  assert.equal(shareText(0.0004), "0.04%");
});
