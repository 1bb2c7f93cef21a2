import { type Decimal, parseDecimal } from "./decimal.ts";

/** `a + b`, exact, with as many decimals as the operand that has more. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(placesOf(a), placesOf(b));
  return fromUnits(toUnits(a, places) + toUnits(b, places), places);
}

/** `a - b`, exact, with as many decimals as the operand that has more. */
export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(placesOf(a), placesOf(b));
  return fromUnits(toUnits(a, places) - toUnits(b, places), places);
}

/** Negative when `a < b`, 0 when they are numerically equal (`1.5` and `1.50`). */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const places = Math.max(placesOf(a), placesOf(b));
  return Number(toUnits(a, places) - toUnits(b, places));
}

/**
 * `factor * a / b` rounded to `places` decimals, halves away from zero.
 *
 * @throws {RangeError} when `b` is zero
 */
export function divideDecimals(a: Decimal, b: Decimal, places: number, factor = 1n): Decimal {
  const common = Math.max(placesOf(a), placesOf(b));
  const dividend = factor * toUnits(a, common) * 10n ** BigInt(places);
  const divisor = toUnits(b, common);
  const doubled = 2n * absolute(dividend) / absolute(divisor);
  const size = (doubled + 1n) / 2n;
  return fromUnits((dividend < 0n) === (divisor < 0n) ? size : -size, places);
}

export function isZero(value: Decimal): boolean {
  return toUnits(value, placesOf(value)) === 0n;
}

const absolute = (value: bigint) => value < 0n ? -value : value;

function placesOf(value: Decimal): number {
  const point = value.indexOf(".");
  return point < 0 ? 0 : value.length - point - 1;
}

function toUnits(value: Decimal, places: number): bigint {
  return BigInt(value.replace(".", "")) * 10n ** BigInt(places - placesOf(value));
}

function fromUnits(units: bigint, places: number): Decimal {
  const digits = String(absolute(units)).padStart(places + 1, "0");
  const sign = units < 0n ? "-" : "";
  if (places === 0) return parseDecimal(sign + digits);
  return parseDecimal(`${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`);
}
