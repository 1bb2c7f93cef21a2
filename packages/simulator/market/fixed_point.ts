/** Decimals of the exchange's numbers. */
const DECIMALS = 8;

/** `"0.06350000"` → 6350000n; digits after the eighth are dropped. */
export function toUnits(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`Cannot read decimal: ${text}`);
  const [, sign, whole, fraction = ""] = match;
  const units = BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, "0"));
  return sign === "-" ? -units : units;
}

/** 6350000n → `"0.06350000"`. */
export function fromUnits(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(DECIMALS + 1, "0");
  const text = `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
  return units < 0n ? `-${text}` : text;
}

/** The nearest whole number, halves away from zero, as the exchange rounds; `divisor` > 0. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const size = dividend < 0n ? -dividend : dividend;
  const quotient = (2n * size / divisor + 1n) / 2n;
  return dividend < 0n ? -quotient : quotient;
}

/** `value / volume` with eight decimals. */
export function average(value: string, volume: string): string {
  return fromUnits(divideRounded(toUnits(value) * 100_000_000n, toUnits(volume)));
}
