import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import type { Interval } from "../../../lib/core/interval.ts";
import { at } from "../testing/client.ts";
import { readSavedCandles } from "./saved_candles.ts";

/** One candle in each layout found in public repositories. */
const OPEN = at("2020-05-06T04:00:00Z");
const CLOSE = OPEN + 3_599_999;
const PRICES = ["9033.34", "9039.99000000", "9032.75", "9033.15"];

const LAYOUTS: Record<string, [string, Interval?]> = {
  A: [
    "timestamp,open,high,low,close,volume,close_time,quote_av,trades,tb_base_av,tb_quote_av,ignore\n" +
    `2020-05-06 04:00:00,${PRICES},31.2,${CLOSE}.0,281893.08,282.0,6.35810300,57447.2,0.0`,
  ],
  "A with ms": [
    "timestamp,open,high,low,close,volume,close_time,quote_av,trades,tb_base_av,tb_quote_av,ignore\n" +
    `2020-05-06 04:00:00.000,${PRICES},31.2,${CLOSE},281893.08,282,6.35810300,57447.2,8733.9`,
  ],
  B: [
    `timestamp,open,high,low,close,volume,quote_av,trades\n2020-05-06 04:00:00,${PRICES},31.2,281893.08,282`,
  ],
  C: [
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n" +
    `${OPEN},${PRICES},31.2,${CLOSE},281893.08,282,6.35810300,57447.2,0`,
  ],
  D: [`${OPEN},${PRICES},31.2,${CLOSE},281893.08,282,6.35810300,57447.2,0`],
  "D in µs": [`${OPEN}000,${PRICES},31.2,${CLOSE}999,281893.08,282,6.35810300,57447.2,0`],
  E: [`time,open,high,low,close,volume\n${OPEN / 1000},${PRICES},31.2`],
  F: [
    "Date,Open Time,Open,High,Low,Close,Volume,Close Time,Quote Asset Volume,Number of Trades," +
    "Taker Buy Base Asset Volume,Taker Buy Quote Asset Volume,Ignore\n" +
    `2020-05-06,${OPEN},${PRICES},31.2,${CLOSE},281893.08,282,6.35810300,57447.2,0`,
  ],
  G: [
    "open_time,open,high,low,close,volume,close_time,quote_asset_volume,number_of_trades\n" +
    `2020-05-06 04:00:00+00:00,${PRICES},31.2,2020-05-06 04:59:59.999000+00:00,281893.08,282`,
  ],
  H: [`time,open,high,low,close,volume,timestamp\n2020-05-06 04:00:00,${PRICES},31.2,${OPEN}`],
  I: [`date,open,high,low,close,volume,ticker\n2020-05-06 04:00:00,${PRICES},31.2,BTCUSDT`],
};

/** Columns missing in a layout are sent as zero. */
const LACKS: Record<string, readonly number[]> = {
  B: [9, 10],
  E: [7, 8, 9, 10],
  G: [9, 10],
  H: [7, 8, 9, 10],
  I: [7, 8, 9, 10],
};

Deno.test("readSavedCandles() reads all layouts and keeps the digits", () => {
  for (const [layout, [text, interval = "1h"]] of Object.entries(LAYOUTS)) {
    const rows = readSavedCandles(text, interval, layout);
    assert.equal(rows.length, 1, layout);
    const full = [OPEN, ...PRICES, "31.2", CLOSE, "281893.08", 282, "6.35810300", "57447.2"];
    const expected = full.map((field, i) => {
      if (!LACKS[layout]?.includes(i)) return field;
      return i === 8 ? 0 : "0";
    });
    assert.deepEqual(rows[0]!.slice(0, 11), expected, layout);
  }
});

Deno.test("readSavedCandles() keeps the twelfth column, and accepts empty lines and exponents", () => {
  const [line] = LAYOUTS["D"]!;
  const rows = readSavedCandles(`\n${line}\n\n${line.replace("31.2", "1.5e-05")}\n`, "1h", "x");
  assert.deepEqual(rows.map((row) => [row[5], row[11]]), [["31.2", "0"], ["0.000015", "0"]]);
  assert.equal(readSavedCandles(LAYOUTS["A with ms"]![0], "1h", "x")[0]![11], "8733.9");
  assert.deepEqual(readSavedCandles("", "1h", "x"), []);
});

Deno.test("readSavedCandles() names file and line of an invalid row", () => {
  const [header] = LAYOUTS["E"]![0].split("\n");
  const cases: [string, RegExp][] = [
    [`${header}\n1588737600,1,2,0.5,1,7\nsoon,1,2,0.5,1,7`, /BTC\.csv: line 3/],
    [`${header}\n1588737600,1,2,x,1,7`, /BTC\.csv: line 2/],
    ["when,open\n1,2", /BTC\.csv: line 1/],
    ["1588737600000,1,2,3", /BTC\.csv: line 1/],
    [`${header}\n1588737600,1`, /BTC\.csv/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => readSavedCandles(text, "1h", "BTC.csv"),
      (error) =>
        error instanceof AppError && error.code === "invalid_input" && message.test(error.message),
      text,
    );
  }
});
