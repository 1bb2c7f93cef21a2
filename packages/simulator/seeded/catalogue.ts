import { type EpochMs, parseTime } from "../../../lib/core/time.ts";
import { splitSymbol } from "../market/quote_assets.ts";
import { mixText } from "./random.ts";

/** A time during which a symbol is traded. LUNAUSDT has two: the name was given to another coin. */
export interface Life {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Rough prices, `"17-08 4300"` (year-month price), which the random walk follows. */
  readonly prices: string;
}

export interface SymbolSpec {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Digits after the point of tickSize and stepSize; together at most 8. */
  readonly tickDecimals: number;
  readonly stepDecimals: number;
  /** Rough turnover per day in units of the quote asset, as `"17-08 3e6"`. */
  readonly turnover: string;
  /** Typical size of the moves of a day. */
  readonly volatility: number;
  readonly lives: readonly Life[];
}

export const FOREVER: EpochMs = Number.MAX_SAFE_INTEGER;

const BIG =
  "17-08 1e6 17-10 4e6 17-12 2e8 18-06 2e8 19-01 1e8 20-01 4e8 21-01 4e9 22-06 2e9 24-01 1.5e9";
const MIDDLE =
  "17-08 2e5 17-11 4e5 17-12 4e7 18-06 3e7 19-01 1e7 20-01 5e7 21-03 9e8 22-06 2e8 24-01 3e8";
const SMALL = "17-08 2e5 18-06 4e6 19-01 2e6 20-01 9e6 21-03 2e8 22-06 4e7 24-01 6e7";

type Row = readonly [
  base: string,
  tickDecimals: number,
  stepDecimals: number,
  volatility: number,
  turnover: string,
  ...lives: readonly (readonly [from: string, to: string, prices: string])[],
];

/** The ten that wick collects by default, then special cases. All but NOVA are real. */
const ROWS: readonly Row[] = [
  ["BTC", 2, 5, 0.03, BIG, [
    "2017-08-17T04:00",
    "",
    "17-08 4300 17-10 5000 17-12 16000 18-02 9500 18-04 8000 18-07 7000 18-11 5600 18-12 3600 19-03 3900 19-06 10500 19-12 7200 20-02 9700 20-03 6000 20-06 9400 20-09 10800 20-12 22000 21-02 47000 21-04 58000 21-06 35000 21-08 45000 21-11 61000 22-01 40000 22-04 41000 22-06 22000 22-11 16800 23-02 23500 23-07 30000 23-10 29000 24-01 43000 24-03 67000 24-09 59000 24-12 97000 25-04 85000 25-07 112000 25-10 114000 25-12 90000 26-03 72000 26-07 95000 26-11 101000",
  ]],
  ["ETH", 2, 4, 0.038, BIG, [
    "2017-08-17T04:00",
    "",
    "17-08 300 17-11 320 18-01 1100 18-04 500 18-07 450 18-09 220 18-12 110 19-06 270 19-12 140 20-02 240 20-03 140 20-08 390 20-12 620 21-02 1700 21-05 3000 21-07 2100 21-11 4500 22-01 2900 22-04 3100 22-06 1200 22-12 1220 23-04 1900 23-10 1600 24-01 2400 24-03 3500 24-09 2450 24-12 3600 25-04 1700 25-08 4300 25-12 3000 26-03 2100 26-07 3000 26-11 3400",
  ]],
  ["BNB", 2, 3, 0.04, MIDDLE, [
    "2017-11-06T03:54",
    "",
    "17-11 1.5 17-12 5 18-01 14 18-06 15 18-12 5.5 19-06 33 19-12 14 20-03 12 20-08 22 20-12 32 21-02 180 21-05 480 21-07 310 21-11 600 22-06 240 22-11 290 23-10 215 24-01 310 24-03 550 24-12 700 25-04 590 25-10 1050 26-03 650 26-11 900",
  ]],
  ["SOL", 2, 3, 0.055, MIDDLE, [
    "2020-08-11T06:00",
    "",
    "20-08 3 20-12 1.6 21-02 9 21-05 40 21-09 150 21-11 220 22-03 95 22-06 36 22-11 16 23-01 18 23-10 25 23-12 85 24-03 170 24-08 145 24-11 230 25-01 215 25-04 130 25-09 220 25-12 130 26-03 88 26-11 160",
  ]],
  ["XRP", 4, 1, 0.042, MIDDLE, [
    "2018-05-04T08:11",
    "",
    "18-05 0.8 18-08 0.33 18-12 0.36 19-06 0.42 19-12 0.19 20-03 0.17 20-11 0.45 21-01 0.28 21-04 1.2 21-07 0.65 21-11 1.1 22-06 0.33 23-03 0.4 23-07 0.7 24-03 0.6 24-10 0.53 24-12 2.3 25-04 2.1 25-07 3 25-12 2 26-03 1.4 26-11 2.4",
  ]],
  ["ADA", 5, 1, 0.045, SMALL, [
    "2018-04-17T04:00",
    "",
    "18-04 0.26 18-08 0.1 18-12 0.04 19-06 0.085 19-12 0.034 20-03 0.03 20-08 0.13 20-12 0.16 21-02 0.9 21-05 1.6 21-09 2.4 21-12 1.3 22-06 0.5 22-12 0.26 23-10 0.26 24-03 0.68 24-08 0.35 24-12 0.95 25-04 0.65 25-08 0.85 25-12 0.4 26-03 0.28 26-11 0.6",
  ]],
  ["DOGE", 5, 0, 0.05, SMALL, [
    "2019-07-05T12:00",
    "",
    "19-07 0.0036 19-12 0.0021 20-07 0.003 20-12 0.0045 21-02 0.055 21-05 0.45 21-07 0.2 21-11 0.23 22-06 0.065 22-11 0.09 23-10 0.062 24-03 0.17 24-08 0.1 24-12 0.38 25-04 0.16 25-09 0.25 26-03 0.1 26-11 0.2",
  ]],
  ["TRX", 5, 1, 0.04, SMALL, [
    "2018-06-11T11:30",
    "",
    "18-06 0.05 18-08 0.022 18-12 0.018 19-06 0.033 19-12 0.014 20-08 0.025 20-12 0.028 21-04 0.12 21-07 0.06 21-11 0.1 22-06 0.065 23-06 0.075 24-01 0.11 24-08 0.15 24-12 0.27 25-04 0.24 25-08 0.35 26-03 0.28 26-11 0.33",
  ]],
  ["AVAX", 2, 2, 0.055, SMALL, [
    "2020-09-22T06:30",
    "",
    "20-09 5 20-12 3.3 21-02 30 21-05 28 21-07 12 21-11 110 22-03 85 22-06 18 22-12 11 23-10 10 23-12 38 24-03 52 24-08 23 24-12 45 25-04 19 25-09 30 25-12 13 26-03 10 26-11 22",
  ]],
  ["LINK", 3, 2, 0.05, SMALL, [
    "2019-01-16T10:00",
    "",
    "19-01 0.48 19-06 1.6 19-12 2 20-03 2.3 20-08 14 20-12 12 21-05 38 21-07 18 21-11 28 22-06 6.5 23-06 6 23-11 14.5 24-03 19 24-08 11 24-12 25 25-04 13 25-08 24 25-12 13 26-03 9 26-11 18",
  ]],
  ["SRM", 4, 1, 0.06, SMALL, [
    "2020-08-11T05:00",
    "2022-11-28T09:00",
    "20-08 2 20-12 1 21-04 7 21-09 10 22-01 3 22-06 0.9 22-11 0.25",
  ]],
  [
    "LUNA",
    4,
    2,
    0.05,
    SMALL,
    [
      "2020-08-21T10:00",
      "2022-05-13T00:40",
      "20-08 0.45 20-12 0.5 21-03 18 21-07 7 21-12 80 22-03 95 22-04 85 22-05 20",
    ],
    ["2022-05-31T06:00", "", "22-05 9 22-06 2.2 22-12 1.4 23-06 0.6 24-03 1 25-04 0.2 26-11 0.15"],
  ],
  [
    "USDC",
    4,
    0,
    0.0004,
    SMALL,
    ["2018-12-15T03:00", "2022-09-26T03:00", "18-12 1.005 19-06 0.998 20-01 1 22-09 1"],
    ["2023-03-11T14:00", "", "23-03 0.97 23-04 1 26-11 1"],
  ],
  ["PEPE", 8, 0, 0.065, SMALL, [
    "2023-05-05T16:00",
    "",
    "23-05 0.0000021 23-10 0.0000009 24-03 0.000008 24-12 0.00002 25-04 0.0000075 25-08 0.000011 26-03 0.000005 26-11 0.00001234",
  ]],
  ["NOVA", 4, 1, 0.07, SMALL, ["2026-10-21T13:37", "", "26-10 2.4 26-11 1.7"]],
];

/** The default symbols of the exchange. */
export const CATALOGUE: readonly SymbolSpec[] = ROWS.map(toSpec);

function toSpec([base, tickDecimals, stepDecimals, volatility, turnover, ...lives]: Row) {
  return {
    symbol: `${base}USDT`,
    base,
    quote: "USDT",
    tickDecimals,
    stepDecimals,
    volatility,
    turnover,
    lives: lives.map(([from, to, prices]) => ({
      from: parseTime(from),
      to: to === "" ? FOREVER : parseTime(to),
      prices,
    })),
  };
}

const INVENTED_PRICES = [0.0045, 0.03, 0.12, 0.7, 1.9, 6.5, 14, 33, 85, 240, 610, 1900];

/** A symbol of the catalogue, or an invented one whose figures follow from its name. */
export function specOf(symbol: string): SymbolSpec {
  const known = CATALOGUE.find((spec) => spec.symbol === symbol);
  if (known !== undefined) return known;
  const price = INVENTED_PRICES[mixText(symbol) % INVENTED_PRICES.length]!;
  const tickDecimals = decimalsFor(price);
  return {
    symbol,
    ...splitSymbol(symbol),
    tickDecimals,
    stepDecimals: Math.max(0, Math.min(8 - tickDecimals, 5) - 2),
    turnover: "20-01 2e7",
    volatility: 0.05,
    lives: [{ from: Date.UTC(2020, 0), to: FOREVER, prices: `20-01 ${price}` }],
  };
}

/** A symbol to add to the exchange, with the times during which it is traded. */
export interface PlantedSymbol {
  readonly symbol: string;
  readonly lives: readonly {
    readonly from: EpochMs;
    /** Absent: to this day. */
    readonly to?: EpochMs | undefined;
    /** Rough price; by default one that follows from the name. */
    readonly price?: number | undefined;
  }[];
}

export function plantedSpec({ symbol, lives }: PlantedSymbol): SymbolSpec {
  const spec = specOf(symbol);
  const [invented] = spec.lives;
  const first = lives[0]?.price;
  const tickDecimals = first === undefined ? spec.tickDecimals : decimalsFor(first);
  return {
    ...spec,
    tickDecimals,
    stepDecimals: Math.min(spec.stepDecimals, 8 - tickDecimals),
    lives: lives.map(({ from, to = FOREVER, price }) => ({
      from,
      to,
      prices: price === undefined ? invented!.prices : `17-08 ${price}`,
    })),
  };
}

/** Enough for four to five significant digits. */
function decimalsFor(price: number): number {
  let decimals = 2;
  for (let scaled = price * 100; scaled < 1_000 && decimals < 8; scaled *= 10) decimals++;
  return decimals;
}
