import { addDecimals, compareDecimals } from "../core/decimal_arithmetic.ts";
import type { Decimal } from "../core/decimal.ts";
import { endOf, openTimeOf } from "../core/interval.ts";
import type { KlineRowText } from "../core/text/kline_row_text.ts";
import type { EpochMs } from "../core/time.ts";
import type { SeriesExtent, Traded } from "../ports/kline_reader.ts";
import { following } from "./klines_route.ts";
import type { Services } from "../http/define.ts";

/** Trading in the window that ends now, or at the end of the newest known candle. */
export interface TradedWindow extends Traded {
  readonly openTime: EpochMs;
  /** Exclusive. */
  readonly closeTime: EpochMs;
  readonly previousClose: Decimal | undefined;
}

/**
 * The last `lengthMs` of a series, including the open candle. The window begins at a candle's open
 * time, so it may be longer by up to one interval; the exchange rounds to minutes in the same way.
 *
 * @return undefined when candles of the window have not been fetched yet
 */
export async function readTradedWindow(
  { reader, live, exchange }: Services,
  series: SeriesExtent,
  lengthMs: number,
): Promise<TradedWindow | undefined> {
  const { interval, lastOpenTime } = series;
  if (lastOpenTime === undefined) return undefined;
  const shown = await live.openRows(series, { closedTo: lastOpenTime });
  const open = following(shown, lastOpenTime, interval).map(parseRow);
  const end = endOf(open.at(-1)?.openTime ?? lastOpenTime, interval);
  const closeTime = Math.min(end, Math.max(open.at(-1)?.openTime ?? end, exchange.serverTime()));
  const openTime = openTimeOf(closeTime - lengthMs, interval);
  const range = { from: openTime, to: Math.max(openTime, endOf(lastOpenTime, interval)) };
  const { isWhole, previousClose, traded } = await reader.traded(series, range);
  const parts = [
    ...traded === undefined ? [] : [traded],
    ...open.filter((candle) => candle.openTime >= openTime),
  ];
  if (!isWhole || parts.length === 0) return undefined;
  return { ...parts.reduce(join), openTime, closeTime, previousClose };
}

function parseRow(row: KlineRowText): Traded & { readonly openTime: EpochMs } {
  const [openTime, open, high, low, close, volume, , quoteVolume, trades] = JSON.parse(row);
  return { openTime, open, high, low, close, volume, quoteVolume, trades };
}

/** A candle without trades repeats an earlier price, which does not belong to the window. */
function join(earlier: Traded, later: Traded): Traded {
  if (later.trades === 0) return earlier;
  if (earlier.trades === 0) return later;
  return {
    open: earlier.open,
    high: compareDecimals(earlier.high, later.high) < 0 ? later.high : earlier.high,
    low: compareDecimals(earlier.low, later.low) > 0 ? later.low : earlier.low,
    close: later.close,
    volume: addDecimals(earlier.volume, later.volume),
    quoteVolume: addDecimals(earlier.quoteVolume, later.quoteVolume),
    trades: earlier.trades + later.trades,
  };
}
