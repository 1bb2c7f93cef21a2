import type { ImportedCandle } from "../../core/imported_candle.ts";

/** Values that a file may have of a candle. */
export type ValueName =
  | "openPrice"
  | "highPrice"
  | "lowPrice"
  | "closePrice"
  | "volume"
  | "closeTime"
  | "quoteAssetVolume"
  | "numberOfTrades"
  | "takerBuyBaseAssetVolume"
  | "takerBuyQuoteAssetVolume";

/** All of them, in the order of the CSV. */
export const VALUES: readonly ValueName[] = [
  "openPrice",
  "highPrice",
  "lowPrice",
  "closePrice",
  "volume",
  "closeTime",
  "quoteAssetVolume",
  "numberOfTrades",
  "takerBuyBaseAssetVolume",
  "takerBuyQuoteAssetVolume",
];

/** A value of a file that is not the exchange's. */
export interface ValueDifference {
  readonly column: ValueName;
  readonly own: string;
  readonly exchange: string;
  /** As a share of the exchange's value, `Infinity` where that is 0; of times, in ms. */
  readonly size: number;
}

/**
 * A candle compared with the exchange's, in the values that both have: equal as numbers; rounded,
 * as floats and printed floats are; open, as a candle is before it closes; or different.
 */
export interface CandleVerdict {
  readonly kind: "equal" | "rounded" | "open" | "different";
  readonly differences: readonly ValueDifference[];
}

const EQUAL: CandleVerdict = { kind: "equal", differences: [] };

/**
 * Relative error of a value in single precision, in which some programs keep prices: 2^-24, and as
 * much again for its decimal notation.
 */
const SINGLE_PRECISION = 2 ** -23;

export function compareCandle(own: ImportedCandle, exchange: ImportedCandle): CandleVerdict {
  const differences = VALUES.flatMap((column) => compareValue(column, own, exchange));
  if (differences.length === 0) return EQUAL;
  if (differences.every(isRounding)) return { kind: "rounded", differences };
  return {
    kind: wasOpen(own, exchange, differences) ? "open" : "different",
    differences,
  };
}

function compareValue(
  column: ValueName,
  own: ImportedCandle,
  exchange: ImportedCandle,
): ValueDifference[] {
  const [value, other] = [own[column], exchange[column]];
  if (value === undefined || other === undefined) return [];
  const [a, b] = [String(value), String(other)];
  if (a === b || withoutZeros(a) === withoutZeros(b)) return [];
  const distance = Math.abs(Number(a) - Number(b));
  const size = column === "closeTime" ? distance : distance / Math.abs(Number(b));
  // Texts that a double cannot tell apart differ in digits only.
  return [{ column, own: a, exchange: b, size: Number.isNaN(size) ? 0 : size }];
}

/** A decimal without zeros at its end. */
const withoutZeros = (text: string) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;

/** A time or a count is never rounded. */
function isRounding({ column, own, exchange, size }: ValueDifference): boolean {
  if (column === "closeTime" || column === "numberOfTrades") return false;
  return size <= SINGLE_PRECISION || isShortened(own, exchange);
}

/** True for a value with fewer decimals, rounded or cut from the exchange's. */
function isShortened(own: string, exchange: string): boolean {
  const decimals = own.split(".")[1]?.length ?? 0;
  const all = exchange.split(".")[1]?.length ?? 0;
  if (decimals === 0 || decimals >= all) return false;
  return Math.abs(Number(own) - Number(exchange)) < 10 ** -decimals;
}

/** Within an interval volume and trades grow, the high rises and the low falls; the open stays. */
function wasOpen(
  own: ImportedCandle,
  exchange: ImportedCandle,
  differences: readonly ValueDifference[],
): boolean {
  const differs = (column: ValueName) => differences.some((one) => one.column === column);
  const volume = own.volume === undefined ? 0 : Number(own.volume);
  const isEarlier = volume < Number(exchange.volume ?? Infinity) &&
    (own.numberOfTrades ?? 0) <= (exchange.numberOfTrades ?? Infinity);
  const isInside = Number(own.highPrice) <= Number(exchange.highPrice) &&
    Number(own.lowPrice) >= Number(exchange.lowPrice);
  // Trades that the exchange counted later change volumes, and no price.
  const hasMoved = differs("closePrice") || differs("highPrice") || differs("lowPrice");
  return !differs("openPrice") && isEarlier && isInside && hasMoved;
}
