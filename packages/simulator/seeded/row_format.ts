import type { EpochMs } from "../../../lib/core/time.ts";
import type { Trading } from "../market/market.ts";
import { AsciiWriter } from "./ascii_writer.ts";
import type { CandleSum } from "./candle_sum.ts";
import type { SymbolSpec } from "./catalogue.ts";

export interface RowTimes {
  readonly open: EpochMs;
  readonly close: EpochMs;
}

/** Writes one row of `/api/v3/klines`. */
export function writeRow(
  out: AsciiWriter,
  sum: CandleSum,
  times: RowTimes,
  { tickDecimals, stepDecimals }: SymbolSpec,
): void {
  out.text("[");
  out.integer(times.open);
  for (const price of [sum.open, sum.high, sum.low, sum.close]) {
    out.text(',"');
    out.fixed(price, tickDecimals);
    out.text('"');
  }
  out.text(',"');
  out.fixed(sum.volume, stepDecimals);
  out.text('",');
  out.integer(times.close);
  out.text(',"');
  out.decimal(sum.quoteWhole, sum.quoteFraction, tickDecimals + stepDecimals);
  out.text('",');
  out.integer(sum.trades);
  out.text(',"');
  out.fixed(sum.takerVolume, stepDecimals);
  out.text('","');
  out.decimal(sum.takerQuoteWhole, sum.takerQuoteFraction, tickDecimals + stepDecimals);
  out.text('","0"]');
}

export function formatTrading(sum: CandleSum, spec: SymbolSpec): Trading {
  const quote = new AsciiWriter();
  quote.decimal(sum.quoteWhole, sum.quoteFraction, spec.tickDecimals + spec.stepDecimals);
  return {
    open: fixed(sum.open, spec.tickDecimals),
    high: fixed(sum.high, spec.tickDecimals),
    low: fixed(sum.low, spec.tickDecimals),
    close: fixed(sum.close, spec.tickDecimals),
    volume: fixed(sum.volume, spec.stepDecimals),
    quoteVolume: quote.toString(),
    trades: sum.trades,
  };
}

/** Writes integers as the exchange writes decimals: `635`, 4 decimals → `0.06350000`. */
export function fixed(units: number, decimals: number): string {
  const out = new AsciiWriter();
  out.fixed(units, decimals);
  return out.toString();
}
