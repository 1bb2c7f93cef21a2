declare const decimal: unique symbol;

/** A decimal number exactly as the exchange sent it: `"0.06350000"`. Never a float. */
export type Decimal = string & { readonly [decimal]: true };

/** Text that PostgreSQL's `numeric` returns unchanged: no exponent, no plus sign, no bare point. */
export const DECIMAL_PATTERN = /^-?\d{1,30}(?:\.\d{1,30})?$/;

export function isDecimal(text: string): text is Decimal {
  return DECIMAL_PATTERN.test(text);
}

/** @throws {RangeError} when `text` is not plain decimal notation */
export function parseDecimal(text: string): Decimal {
  if (!isDecimal(text)) throw new RangeError(`Cannot read decimal: ${text}`);
  return text;
}

const PLAIN = new Intl.NumberFormat("en", {
  useGrouping: false,
  maximumFractionDigits: 20,
});

/** The shortest plain notation of a finite float, for values that were floats at their source. */
export function toDecimal(value: number): Decimal {
  return parseDecimal(PLAIN.format(value));
}
