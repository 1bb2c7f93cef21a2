import { addDecimals, compareDecimals } from "../core/decimal_arithmetic.ts";
import type { Decimal } from "../core/decimal.ts";
import { endOf, openTimeOf } from "../core/interval.ts";
import type { KlineRowText } from "../core/kline_row_text.ts";
import type { EpochMs } from "../core/time.ts";
import type { SeriesCoverage, Traded } from "../ports/kline_reader.ts";
import { following } from "./klines_route.ts";
import type { Services } from "../http/define.ts";

/** What was traded in the stretch that ends now, or with the newest candle that is known. */
export interface TradedWindow extends Traded {
  readonly openTime: EpochMs;
  /** Exclusive. */
  readonly closeTime: EpochMs;
  readonly previousClose: Decimal | undefined;
}

/**
 * The last `lengthMs` of a series, the moving candle included. It begins where the candle that holds
 * its beginning does, so it may be wider by up to one interval: as in the exchange's own windows of
 * whole minutes.
 *
 * @return undefined when candles of it are still to be fetched
 */
export async function readTradedWindow(
  { reader, live, exchange }: Services,
  series: SeriesCoverage,
  lengthMs: number,
): Promise<TradedWindow | undefined> {
  const { interval, lastOpenTime } = series;
  if (lastOpenTime === undefined) return undefined;
  const shown = await live.moving(series, { closedTo: lastOpenTime });
  const moving = following(shown, lastOpenTime, interval).map(parseRow);
  const end = endOf(moving.at(-1)?.openTime ?? lastOpenTime, interval);
  const closeTime = Math.min(end, Math.max(moving.at(-1)?.openTime ?? end, exchange.serverTime()));
  const openTime = openTimeOf(closeTime - lengthMs, interval);
  const range = { from: openTime, to: Math.max(openTime, endOf(lastOpenTime, interval)) };
  const { isWhole, previousClose, traded } = await reader.traded(series, range);
  const parts = [
    ...traded === undefined ? [] : [traded],
    ...moving.filter((candle) => candle.openTime >= openTime),
  ];
  if (!isWhole || parts.length === 0) return undefined;
  return { ...parts.reduce(join), openTime, closeTime, previousClose };
}

function parseRow(row: KlineRowText): Traded & { readonly openTime: EpochMs } {
  const [openTime, open, high, low, close, volume, , quoteVolume, trades] = JSON.parse(row);
  return { openTime, open, high, low, close, volume, quoteVolume, trades };
}

/** Candles without trades repeat a price from before: it is none of the window's. */
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
