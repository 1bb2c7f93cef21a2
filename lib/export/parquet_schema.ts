import type { SchemaElement } from "hyparquet";
import { LACKING_COLUMNS } from "../core/imported_candle.ts";
import { KLINE_COLUMNS, type KlineColumn } from "../core/kline.ts";
import { type DecimalSize, INT8_DIGITS } from "../ports/kline_exporter.ts";
import { DIGITS_BYTES, type FieldKind } from "./plain_column.ts";

/** Maximum digits of a decimal in Parquet's readers. */
export const MAX_DIGITS = 38;

const required = { repetition_type: "REQUIRED" } as const;

/** Columns that fit a decimal type exactly; others stay text. */
export function fittingSizes(
  sizes: ReadonlyMap<KlineColumn, DecimalSize>,
): Map<KlineColumn, DecimalSize> {
  return new Map([...sizes].filter(([, { precision }]) => precision <= MAX_DIGITS));
}

/** Digits of a file's candles on their way from the database, and the types of its columns. */
export interface ColumnSizes {
  /** Digits of the decimals as the database sends them; without an entry as text. */
  readonly sent: ReadonlyMap<KlineColumn, DecimalSize>;
  /** Types of the columns: the same places after the point, and at least as many digits. */
  readonly typed: ReadonlyMap<KlineColumn, DecimalSize>;
  /** True if values can be null, and the last column is the candle's source. */
  readonly isImported?: boolean;
}

/** Columns in the CSV's order; with names, symbol and interval come first. */
export function parquetSchema(
  { typed, isImported = false }: ColumnSizes,
  isNamed: boolean,
): SchemaElement[] {
  const columns = [
    ...isNamed ? [textElement("symbol"), textElement("interval")] : [],
    ...KLINE_COLUMNS.map((column) => {
      const element = columnElement(column, typed.get(column));
      const canLack = isImported && LACKING_COLUMNS.includes(column);
      return canLack ? { ...element, repetition_type: "OPTIONAL" as const } : element;
    }),
    ...isImported ? [textElement("source")] : [],
  ];
  return [{ name: "candles", num_children: columns.length }, ...columns];
}

/** Types of the columns as sent by the database. */
export function fieldKinds({ sent, typed, isImported = false }: ColumnSizes): FieldKind[] {
  const kinds = KLINE_COLUMNS.map((column): FieldKind => {
    if (column.endsWith("_time")) return "int8";
    if (column === "number_of_trades") return "int4";
    const size = sent.get(column);
    if (size === undefined) return "text";
    if (size.precision > INT8_DIGITS) return "digits";
    return typed.get(column)!.precision <= INT8_DIGITS ? "int8" : "wide";
  });
  return isImported ? [...kinds, "text"] : kinds;
}

function columnElement(column: KlineColumn, size: DecimalSize | undefined): SchemaElement {
  if (column.endsWith("_time")) {
    return {
      name: column,
      type: "INT64",
      converted_type: "TIMESTAMP_MILLIS",
      ...required,
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
    };
  }
  if (column === "number_of_trades") return { name: column, type: "INT32", ...required };
  if (size === undefined) return textElement(column);
  // Always the full width, so that files of different days have the same type.
  const isShort = size.precision <= INT8_DIGITS;
  const digits = { precision: isShort ? INT8_DIGITS : MAX_DIGITS, scale: size.scale };
  return {
    name: column,
    converted_type: "DECIMAL",
    ...digits,
    ...required,
    ...isShort ? { type: "INT64" } : { type: "FIXED_LEN_BYTE_ARRAY", type_length: DIGITS_BYTES },
    logical_type: { type: "DECIMAL", ...digits },
  };
}

function textElement(name: string): SchemaElement {
  return {
    name,
    type: "BYTE_ARRAY",
    converted_type: "UTF8",
    ...required,
    logical_type: { type: "STRING" },
  };
}
