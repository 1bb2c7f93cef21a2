import type { MarketSymbol } from "../ports/kline_source.ts";
import type { DayVolume } from "../ports/symbol_list.ts";
import { dayTickerSchema, dayTickersSchema } from "./binance_schema.ts";
import type { Oddities } from "./oddities.ts";
import { parseEach, parsePayload } from "./parse_payload.ts";

/** The asset that stands for the US dollar. */
const DOLLAR = "USDT";

/**
 * Reads GET /api/v3/ticker/24hr of all symbols. Volumes in different quote assets compare in
 * dollars, converted with the prices of the same answer; the largest comes first.
 *
 * @throws `bad_payload` for anything but a list
 */
export function readDayVolumes(
  json: unknown,
  markets: readonly Pick<MarketSymbol, "symbol" | "quoteAsset">[],
  oddities: Oddities,
): DayVolume[] {
  const what = "tickers of 24 hours";
  const list = parsePayload(dayTickersSchema, json, what);
  const { items } = parseEach(dayTickerSchema, list, { what, key: "symbol" }, oddities);
  const quoteOf = new Map(markets.map(({ symbol, quoteAsset }) => [symbol, quoteAsset]));
  const prices = new Map(items.map(({ symbol, lastPrice }) => [symbol, Number(lastPrice)]));
  const volumes = items.map(({ symbol, quoteVolume }): DayVolume => {
    const price = dollarsOf(quoteOf.get(symbol), prices);
    return { symbol, usd: Number(quoteVolume) * price };
  });
  return volumes.sort((a, b) => b.usd - a.usd || (a.symbol < b.symbol ? -1 : 1));
}

/** Price of an asset in dollars, directly or by way of Bitcoin; 0 if there is none. */
function dollarsOf(asset: string | undefined, prices: ReadonlyMap<string, number>): number {
  if (asset === undefined) return 0;
  const direct = priceIn(asset, DOLLAR, prices);
  return direct > 0 ? direct : priceIn(asset, "BTC", prices) * priceIn("BTC", DOLLAR, prices);
}

function priceIn(asset: string, other: string, prices: ReadonlyMap<string, number>): number {
  if (asset === other) return 1;
  const direct = prices.get(asset + other) ?? 0;
  const inverse = prices.get(other + asset) ?? 0;
  return direct > 0 ? direct : inverse > 0 ? 1 / inverse : 0;
}
