import type { KlineColumn } from "../core/kline.ts";
import { type DecimalSize, INT8_DIGITS } from "../ports/kline_exporter.ts";
import { MAX_DIGITS } from "../export/parquet_schema.ts";

/** Digits that the values of a column have had so far, before and after the point. */
export interface ColumnDigits {
  readonly whole: number;
  readonly places: number;
}

/** Digits of the decimal columns of a lake. */
export type LakeDigits = Readonly<Record<string, ColumnDigits>>;

/** A type per decimal column; without an entry text. */
export type DecimalTypes = ReadonlyMap<KlineColumn, DecimalSize>;

/** Binance has eight decimal places. Prices fit into 18 digits, volumes of some markets do not. */
const PRICE: ColumnDigits = { whole: 10, places: 8 };
const VOLUME: ColumnDigits = { whole: 11, places: 8 };

/** At least these are assumed, so that the types fit every market of Binance from the beginning. */
export const USUAL_DIGITS: LakeDigits = {
  open_price: PRICE,
  high_price: PRICE,
  low_price: PRICE,
  close_price: PRICE,
  volume: VOLUME,
  quote_asset_volume: VOLUME,
  taker_buy_base_asset_volume: VOLUME,
  taker_buy_quote_asset_volume: VOLUME,
};

/**
 * Types of columns with these digits. All files of a lake have the same: a reader of several takes
 * the types of the first, and would round the others.
 */
export function typesOf(digits: LakeDigits): DecimalTypes {
  return new Map(
    Object.entries(digits).flatMap(([column, { whole, places }]) => {
      const precision = whole + places <= INT8_DIGITS ? INT8_DIGITS : MAX_DIGITS;
      if (whole + places > precision) return [];
      return [[column as KlineColumn, { precision, scale: places }] as const];
    }),
  );
}

/** `digits` with room for values of these sizes. */
export function withSizes(digits: LakeDigits, sizes: DecimalTypes): LakeDigits {
  return Object.fromEntries(
    Object.entries(digits).map(([column, { whole, places }]) => {
      const size = sizes.get(column as KlineColumn)!;
      return [column, {
        whole: Math.max(whole, size.precision - size.scale),
        places: Math.max(places, size.scale),
      }];
    }),
  );
}

/** Sizes in which the database sends values for columns of these types. */
export function sentSizes(sizes: DecimalTypes, types: DecimalTypes): DecimalTypes {
  return new Map(
    [...types].map(([column, { scale }]) => {
      const size = sizes.get(column)!;
      return [column, { precision: size.precision - size.scale + scale, scale }];
    }),
  );
}

/** `DECIMAL(18, 8)`, or `VARCHAR` for a column of text. */
export function describeTypes(digits: LakeDigits): Record<string, string> {
  const types = typesOf(digits);
  return Object.fromEntries(
    Object.keys(digits).map((column) => {
      const size = types.get(column as KlineColumn);
      return [column, size ? `DECIMAL(${size.precision}, ${size.scale})` : "VARCHAR"];
    }),
  );
}
