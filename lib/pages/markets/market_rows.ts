import { stepDecimals } from "../../core/number_text.ts";
import { type EpochMs, HOUR_MS } from "../../core/time.ts";
import type { CapRow } from "../../marketcap/cap_rows.ts";
import { type CapView, type PieCoin, toCapView } from "../components/cap_view.ts";

/** A line of the table of coins. */
export interface MarketRow {
  readonly coin: string;
  readonly ticker: string;
  readonly name: string | undefined;
  /** The configured symbol that stands for the coin. */
  readonly symbol: string;
  /** How the coin was told from others of the same ticker; nothing when it was not looked up. */
  readonly origin: string | undefined;
  readonly colour: number;
  /** By market cap, from 1 on; `undefined` for a coin without data. */
  readonly rank: number | undefined;
  readonly cap: CapRow | undefined;
  readonly share: number | undefined;
  readonly priceDecimals: number;
  /** Over 24 hours, as a fraction. */
  readonly dayChange: number | undefined;
  /** Of seven days, ascending. */
  readonly closes: readonly number[];
  readonly supply: MarketSupply | undefined;
}

export interface MarketSupply {
  readonly value: number;
  /** The provider. */
  readonly source: string;
  readonly takenAt: EpochMs;
  /** Several snapshots have passed it by. */
  readonly isStale: boolean;
}

/** A coin with its symbol, and how it was found. */
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
    readonly dayAgo: number | undefined;
  }[];
  readonly markets: readonly { readonly symbol: string; readonly tickSize: string | undefined }[];
  readonly now: EpochMs;
}

/** Snapshots are taken every 15 minutes. */
const STALE_MS = HOUR_MS;

/** Every coin, largest market cap first; those without data last. */
export function toMarketRows(facts: MarketFacts): MarketRow[] {
  const view = toCapView(facts.coins, facts.rows);
  const ranked = view.slices.map(({ id }) => id);
  const order = [
    ...ranked,
    ...facts.coins.map(({ id }) => id).filter((id) => !ranked.includes(id)),
  ];
  return order.map((id) => toRow(facts, view, facts.coins.findIndex((coin) => coin.id === id)));
}

function toRow(facts: MarketFacts, view: CapView, index: number): MarketRow {
  const coin = facts.coins[index]!;
  const { id, ticker, name, symbol } = coin;
  const place = view.slices.findIndex((slice) => slice.id === id);
  const slice = view.slices[place];
  const quote = facts.quotes.find((one) => one.symbol === symbol);
  const market = facts.markets.find((one) => one.symbol === symbol);
  const supply = facts.supplies.find(({ coin }) => coin === id);
  const last = quote?.closes.at(-1);
  return {
    coin: id,
    ticker,
    name,
    symbol,
    origin: originOf(coin),
    colour: 1 + index % 10,
    rank: slice && place + 1,
    cap: slice?.row,
    share: slice?.share,
    priceDecimals: stepDecimals(market?.tickSize) ?? 2,
    dayChange: quote?.dayAgo && last !== undefined ? last / quote.dayAgo - 1 : undefined,
    closes: quote?.closes ?? [],
    supply: supply && {
      value: Number(supply.supply),
      source: supply.source,
      takenAt: supply.takenAt,
      isStale: facts.now - supply.takenAt > STALE_MS,
    },
  };
}

/** `sonic-3, rank 67, the largest of 4 coins` */
function originOf({ id, rank, candidates }: MarketCoin): string | undefined {
  if (candidates === 0) return undefined;
  const place = rank === undefined ? "without a rank" : `rank ${rank}`;
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

/** Rows without a value come last, either way. */
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
