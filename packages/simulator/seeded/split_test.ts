import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS, SECOND_MS, type TimeRange } from "../../../lib/core/time.ts";
import { at } from "../testing/client.ts";
import { SeededCandles } from "./candles.ts";
import type { CandleSum } from "./candle_sum.ts";
import { CATALOGUE } from "./catalogue.ts";
import { OUTAGES } from "./outages.ts";
import { Random } from "./random.ts";
import { slotsOf } from "./slots.ts";
import { MINUTE_RULES, SECOND_RULES, split } from "./split.ts";
import type { Slots, TickCandle } from "./tick_candle.ts";
import { TradingHours } from "./trading_hours.ts";

function assertSound(sum: CandleSum, scale: number, label: string): void {
  const exact = (whole: number, fraction: number) =>
    BigInt(whole) * BigInt(scale) + BigInt(fraction);
  const quote = exact(sum.quoteWhole, sum.quoteFraction);
  const takerQuote = exact(sum.takerQuoteWhole, sum.takerQuoteFraction);
  const within = (value: bigint, volume: number) =>
    value >= BigInt(sum.low) * BigInt(volume) && value <= BigInt(sum.high) * BigInt(volume);
  assert.ok(sum.low >= 1 && sum.low <= Math.min(sum.open, sum.close), label);
  assert.ok(sum.high >= Math.max(sum.open, sum.close), label);
  assert.ok(within(quote, sum.volume), `${label}: average price outside the range`);
  assert.ok(within(takerQuote, sum.takerVolume), `${label}: takers' average outside the range`);
  if (sum.volume > 0) assert.ok(sum.trades >= 4 && sum.trades <= sum.volume, label);
  else assert.ok(sum.high === sum.low && sum.trades === 0, label);
}

Deno.test("split() gives every minute and second consistent prices and values", () => {
  const random = new Random(7);
  for (const spec of CATALOGUE) {
    const candles = new SeededCandles(spec, new TradingHours(spec.symbol, spec.lives, OUTAGES), 9);
    const [from, to] = [spec.lives[0]!.from, at("2026-11-20")];
    for (let round = 0; round < 8; round++) {
      const hour = Math.floor((from + random.next() * (to - from)) / HOUR_MS) * HOUR_MS;
      for (let minute = hour; minute < hour + HOUR_MS; minute += MINUTE_MS) {
        const sum = candles.sum({ from: minute, to: minute + MINUTE_MS });
        if (sum.count > 0) assertSound(sum, candles.scale, `${spec.symbol} minute ${minute}`);
      }
      for (let second = hour; second < hour + MINUTE_MS; second += SECOND_MS) {
        const sum = candles.sum({ from: second, to: second + SECOND_MS });
        if (sum.count > 0) assertSound(sum, candles.scale, `${spec.symbol} second ${second}`);
      }
    }
  }
});

/** An hour just within the limits of its minutes. */
function extremeHour(random: Random): TickCandle {
  const trades = 4 + random.below(random.below(2) === 0 ? 12 : 2_000);
  const volume = trades * 64;
  const low = 1 + random.below(1_000);
  const high = low + random.below(random.below(2) === 0 ? 6 : 5_000);
  const kept = Math.ceil((high - low) * volume / 4);
  const quote = random.below(2) === 0 ? low * volume + kept : high * volume - kept;
  const price = () => low + random.below(high - low + 1);
  const [open, close] = [price(), price()];
  return { time: 0, open, high, low, close, volume, quote, trades, buys: 8, jumps: false };
}

Deno.test("split() succeeds for every hour within its limits, and so on down to seconds", () => {
  const random = new Random(11);
  const always = {
    activeSeconds: (part: TimeRange) => (part.to - part.from) / 1000,
    hasStub: () => false,
  };
  const minutesIn = slotsOf(0, MINUTE_MS, 60, always);
  const secondsIn = slotsOf(0, SECOND_MS, 60, always);
  for (let round = 0; round < 1_500; round++) {
    const hour = extremeHour(random);
    const minutes = split(hour, minutesIn, MINUTE_RULES, random);
    assertSums(hour, minutes);
    for (const minute of minutes) {
      if (minute!.volume > 0) assertSums(minute!, split(minute!, secondsIn, SECOND_RULES, random));
    }
  }
});

function assertSums(parent: TickCandle, children: Slots): void {
  const parts = children.filter((child) => child !== undefined);
  const sum = (field: "volume" | "quote" | "trades") =>
    parts.reduce((total, child) => total + child[field], 0);
  assert.deepEqual(
    [sum("volume"), sum("quote"), sum("trades"), parts[0]!.open, parts.at(-1)!.close],
    [parent.volume, parent.quote, parent.trades, parent.open, parent.close],
  );
  assert.equal(Math.max(...parts.map(({ high }) => high)), parent.high);
  assert.equal(Math.min(...parts.map(({ low }) => low)), parent.low);
}
