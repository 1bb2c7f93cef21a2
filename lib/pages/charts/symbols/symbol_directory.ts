import { SECOND_MS } from "../../../core/time.ts";
import type { Services } from "../../../http/define.ts";
import type { Market } from "../../../ports/chart_reader.ts";
import type { MarketCap } from "../../../ports/market_caps.ts";
import { pieCoinsOf } from "../../../marketcap/coins.ts";
import { findWrapped, type PieCoin } from "../../components/cap_view.ts";
import type { SymbolChoice } from "./symbol_choices.ts";

/** A collected symbol and the facts about it that do not change with prices. */
export interface DirectoryEntry extends SymbolChoice, Pick<Market, "tickSize"> {}

/** All collected symbols. */
export interface SymbolDirectory {
  /** In the order of SYMBOLS, the members of its groups by trading volume. */
  readonly entries: readonly DirectoryEntry[];
  readonly bySymbol: ReadonlyMap<string, DirectoryEntry>;
  /** The largest coins, in the order of the symbols, and their newest market caps. */
  readonly pie: { readonly coins: readonly PieCoin[]; readonly caps: readonly MarketCap[] };
}

/** Number of symbols above which the directory is read in the background, and not for each page. */
const MANY = 100;
/** While a directory of many symbols is read again, pages use the previous one. */
const OF_MANY = { freshMs: 30 * SECOND_MS, staleMs: 600 * SECOND_MS } as const;

/** The directory of this moment, which all requests share. */
export async function readDirectory(services: Services): Promise<SymbolDirectory> {
  const symbols = await services.symbols.read();
  const lifetime = symbols.length > MANY ? OF_MANY : {};
  return await services.answers.get(
    `symbol directory ${symbols.length}`,
    () => buildDirectory(services, symbols),
    lifetime,
  );
}

async function buildDirectory(
  { charts, directory, marketCaps }: Services,
  symbols: readonly string[],
): Promise<SymbolDirectory> {
  const [markets, coins] = await Promise.all([charts.markets(symbols), directory.list()]);
  const caps = await marketCaps.newest(coins.coins);
  const names = new Map(coins.coins.map(({ ticker, name }) => [ticker, name]));
  const known = new Map(markets.map((market) => [market.symbol, market]));
  const entries = symbols.map((symbol): DirectoryEntry => {
    const market = known.get(symbol);
    return {
      symbol,
      base: market?.baseAsset ?? symbol,
      quote: market?.quoteAsset ?? "",
      name: (market && names.get(market.baseAsset)) ?? "",
      tickSize: market?.tickSize,
    };
  });
  return {
    entries,
    bySymbol: new Map(entries.map((entry) => [entry.symbol, entry])),
    pie: toPie(pieCoinsOf(coins), caps),
  };
}

/** Coins of the pie. */
const PIE_COINS = 10;

function toPie(all: readonly PieCoin[], allCaps: readonly MarketCap[]): SymbolDirectory["pie"] {
  const wrapped = new Set(findWrapped(all).map(({ id }) => id));
  const coins = all.filter(({ id }) => !wrapped.has(id));
  const caps = allCaps.filter(({ coin }) => !wrapped.has(coin));
  if (coins.length <= PIE_COINS) return { coins, caps };
  const largest = caps.toSorted((a, b) => Number(b.marketCap) - Number(a.marketCap))
    .slice(0, PIE_COINS);
  const ids = new Set(largest.map(({ coin }) => coin));
  const others = coins.filter(({ id }) => !ids.has(id)).slice(0, PIE_COINS - largest.length);
  const chosen = new Set([...ids, ...others.map(({ id }) => id)]);
  return { coins: coins.filter(({ id }) => chosen.has(id)), caps: largest };
}
