import type { EpochMs } from "../../core/time.ts";
import type { CapRow } from "../../marketcap/cap_rows.ts";

/** A coin of the pie. */
export interface PieCoin {
  /** CoinGecko ID. */
  readonly id: string;
  readonly ticker: string;
  /** Name of the coin, if it differs from the ticker. */
  readonly name?: string | undefined;
  /** The coin that this one stands for. */
  readonly wraps?: string | undefined;
  /** The chart of the coin. */
  readonly href?: string | undefined;
}

/** The fields of a coin's market cap that a pie shows. */
export type PieRow =
  & Pick<CapRow, "coin" | "symbol" | "market_cap" | "source" | "taken_at">
  & Partial<Pick<CapRow, "change_24h">>;

/** A slice: a coin with its market cap and its share of all known ones. */
export interface CapSlice<Row extends PieRow = PieRow> {
  readonly id: string;
  readonly ticker: string;
  /** 1..10; independent of the coin's rank. */
  readonly colour: number;
  readonly href: string | undefined;
  readonly row: Row;
  readonly share: number;
  /** Last known supply × last stored close. */
  readonly isDerived: boolean;
}

export interface CapView<Row extends PieRow = PieRow> {
  /** Largest first. */
  readonly slices: readonly CapSlice<Row>[];
  readonly total: number;
  /** The asset of all values. */
  readonly quote: string;
  /** Coins that stand for another of the coins, and would count it twice. */
  readonly wrapped: readonly PieCoin[];
  /** Tickers of coins without data. */
  readonly missing: readonly string[];
  /** Time of the oldest value. */
  readonly takenAt: EpochMs | undefined;
  readonly sources: readonly string[];
}

const COLOURS = 10;

export function toCapView<Row extends PieRow>(
  coins: readonly PieCoin[],
  rows: readonly Row[],
  quote = "USD",
): CapView<Row> {
  const wrapped = findWrapped(coins);
  const uncounted = new Set(wrapped.map(({ id }) => id));
  const known = rows.filter(({ coin, market_cap }) => market_cap > 0 && !uncounted.has(coin));
  const given = new Set(known.map(({ coin }) => coin));
  const oldest = (time: EpochMs, { taken_at }: PieRow) => Math.min(time, taken_at);
  const total = known.reduce((sum, { market_cap }) => sum + market_cap, 0);
  const places = new Map(coins.map(({ id }, place) => [id, place]));
  const slices = known.map((row) => ({
    id: row.coin,
    ticker: row.symbol,
    colour: 1 + (places.get(row.coin) ?? 0) % COLOURS,
    href: coins[places.get(row.coin) ?? -1]?.href,
    row,
    share: row.market_cap / total,
    isDerived: row.source === "derived",
  })).sort((a, b) => b.row.market_cap - a.row.market_cap);
  return {
    slices,
    total,
    quote,
    wrapped,
    missing: coins.filter(({ id }) => !given.has(id) && !uncounted.has(id)).map(({ ticker }) =>
      ticker
    ),
    takenAt: known.length === 0 ? undefined : known.reduce(oldest, Infinity),
    sources: [...new Set(known.map(({ source }) => source))].sort(),
  };
}

/** Coins that stand for another of `coins`. */
export function findWrapped(coins: readonly PieCoin[]): PieCoin[] {
  const tickers = new Set(coins.map(({ ticker }) => ticker));
  return coins.filter(({ wraps }) => wraps !== undefined && tickers.has(wraps));
}

/** Shown instead of a pie when no configured symbol has a coin. */
export const NO_COINS = "None of the configured symbols has a base asset with a market cap.";

/** `share of these 10 coins`, or how many of them have values. */
export function capTitle({ slices, missing }: CapView): string {
  if (slices.length === 0) return missing.length === 0 ? "no coins" : "no data yet";
  const all = slices.length + missing.length;
  return missing.length === 0
    ? `share of these ${all} coins`
    : `share of ${slices.length} of ${all} coins`;
}
