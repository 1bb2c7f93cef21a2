import { stepDecimals } from "../../core/text/number_text.ts";
import { bySymbol } from "../../core/kline.ts";
import { type EpochMs, HOUR_MS } from "../../core/time.ts";
import type { CapRow } from "../../marketcap/cap_rows.ts";
import { type CapView, type PieCoin, toCapView } from "../components/cap_view.ts";

/** A row of the coin table. */
export interface MarketRow {
  readonly coin: string;
  readonly ticker: string;
  readonly name: string | undefined;
  /** The configured symbol that represents the coin. */
  readonly symbol: string;
  /** The way the coin was chosen among those with the same ticker; unset without a lookup. */
  readonly origin: string | undefined;
  /** Number of coins with its ticker; 0 without a lookup. */
  readonly candidates: number;
  readonly colour: number;
  /** By market cap, starting at 1; `undefined` for a coin without data. */
  readonly rank: number | undefined;
  readonly cap: CapRow | undefined;
  /** The coin that this one stands for, and that the total has already. */
  readonly wraps: string | undefined;
  readonly share: number | undefined;
  readonly priceDecimals: number;
  /** Of the price in US dollars over 24 hours, as a fraction. */
  readonly dayChange: number | undefined;
  /** Closes of seven days, ascending. */
  readonly closes: readonly number[];
  readonly supply: MarketSupply | undefined;
}

export interface MarketSupply {
  readonly value: number;
  /** The provider. */
  readonly source: string;
  readonly takenAt: EpochMs;
  /** Several later snapshots do not contain it. */
  readonly isStale: boolean;
}

/** A coin with its symbol, and how it was chosen. */
export interface MarketCoin extends PieCoin {
  readonly symbol: string;
  readonly rank: number | undefined;
  readonly candidates: number;
}

export interface MarketFacts {
  readonly coins: readonly MarketCoin[];
  readonly rows: readonly CapRow[];
  readonly supplies: readonly {
    readonly coin: string;
    readonly supply: string;
    readonly source: string;
    readonly takenAt: EpochMs;
  }[];
  readonly quotes: readonly {
    readonly symbol: string;
    readonly closes: readonly number[];
  }[];
  /** By coin. */
  readonly changes: ReadonlyMap<string, number>;
  readonly markets: readonly { readonly symbol: string; readonly tickSize: string | undefined }[];
  readonly now: EpochMs;
}

/** Snapshots are taken every 15 minutes. */
const STALE_MS = HOUR_MS;

/** Every coin, largest market cap first; those without data last. */
export function toMarketRows(facts: MarketFacts): MarketRow[] {
  const { slices, wrapped } = toCapView(facts.coins, facts.rows);
  const ranks = new Map(slices.map(({ id }, place) => [id, place]));
  const index = {
    slices,
    ranks,
    quotes: bySymbol(facts.quotes),
    markets: bySymbol(facts.markets),
    supplies: new Map(facts.supplies.map((supply) => [supply.coin, supply])),
    changes: facts.changes,
    wrapped: new Map(wrapped.map(({ id, wraps }) => [id, wraps])),
    rows: new Map(facts.rows.map((row) => [row.coin, row])),
    now: facts.now,
  };
  const rows = facts.coins.map((coin, place) => toRow(index, coin, place));
  return rows.sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || 0);
}

/** The facts by coin and symbol. */
interface MarketIndex {
  readonly slices: CapView<CapRow>["slices"];
  /** Places of coins among the slices. */
  readonly ranks: ReadonlyMap<string, number>;
  readonly quotes: ReadonlyMap<string, MarketFacts["quotes"][number]>;
  readonly markets: ReadonlyMap<string, MarketFacts["markets"][number]>;
  readonly supplies: ReadonlyMap<string, MarketFacts["supplies"][number]>;
  readonly changes: MarketFacts["changes"];
  /** The coins that wrapped ones stand for. */
  readonly wrapped: ReadonlyMap<string, string | undefined>;
  readonly rows: ReadonlyMap<string, CapRow>;
  readonly now: EpochMs;
}

function toRow(index: MarketIndex, coin: MarketCoin, place: number): MarketRow {
  const { id, ticker, name, symbol } = coin;
  const slice = index.slices[index.ranks.get(id) ?? -1];
  const quote = index.quotes.get(symbol);
  const supply = index.supplies.get(id);
  return {
    coin: id,
    ticker,
    name,
    symbol,
    origin: originOf(coin),
    candidates: coin.candidates,
    colour: 1 + place % 10,
    rank: slice && index.ranks.get(id)! + 1,
    cap: slice?.row ?? (index.wrapped.has(id) ? index.rows.get(id) : undefined),
    wraps: index.wrapped.get(id),
    share: slice?.share,
    priceDecimals: Math.max(
      stepDecimals(index.markets.get(symbol)?.tickSize) ?? 2,
      significantDecimals(index.rows.get(id)?.price),
    ),
    dayChange: index.changes.get(id),
    closes: quote?.closes ?? [],
    supply: supply && {
      value: Number(supply.supply),
      source: supply.source,
      takenAt: supply.takenAt,
      isStale: index.now - supply.takenAt > STALE_MS,
    },
  };
}

/** Decimals for four significant digits of a price below 1, such as that of ETH in BTC. */
function significantDecimals(price = 1): number {
  return price > 0 && price < 1 ? 3 - Math.floor(Math.log10(price)) : 0;
}

/** `sonic-3, rank 67 of 4 coins with that ticker` */
function originOf({ id, rank, candidates }: MarketCoin): string | undefined {
  if (candidates === 0) return undefined;
  const place = rank === undefined ? "unranked" : `rank ${rank}`;
  return candidates === 1
    ? `${id}, ${place}`
    : `${id}, ${place}, the largest of ${candidates} coins`;
}

export const MARKET_SORTS = ["cap", "coin", "price", "change", "supply", "share"] as const;

export type MarketSort = typeof MARKET_SORTS[number];

export interface MarketOrder {
  readonly sort: MarketSort;
  readonly isAscending: boolean;
}

const KEY: Record<MarketSort, (row: MarketRow) => number | string | undefined> = {
  cap: (row) => row.cap?.market_cap,
  coin: (row) => row.ticker,
  price: (row) => row.cap?.price,
  change: (row) => row.dayChange,
  supply: (row) => row.supply?.value,
  share: (row) => row.share,
};

/** Rows without a value come last in either order. */
export function sortMarketRows(
  rows: readonly MarketRow[],
  { sort, isAscending }: MarketOrder,
): MarketRow[] {
  const key = KEY[sort];
  return rows.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
    const order = x < y ? -1 : x > y ? 1 : 0;
    return isAscending ? order : -order;
  });
}
