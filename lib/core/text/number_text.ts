import { toDecimal } from "../decimal.ts";

/** Separator between a number and its unit; keeps both on one line. */
export const NBSP = "\u00a0";
const GROUP = ",";
const MINUS = "\u2212";
const MAX_DECIMALS = 20;

/** `−12,345.60`: commas between thousands, a true minus, never an exponent. */
export function numberText(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value).toFixed(decimals);
  const sign = value < 0 && Number(digits) !== 0 ? MINUS : "";
  return sign + group(digits);
}

/**
 * As `numberText`; below 0.01 at least four significant digits stay where `decimals` would lose
 * any.
 */
export function priceText(value: number, decimals: number): string {
  const size = Math.abs(value);
  const isTiny = size > 0 && size < 0.01 && Number(size.toFixed(decimals)) !== size;
  const needed = isTiny ? 3 - Math.floor(Math.log10(size)) : 0;
  return numberText(value, Math.min(Math.max(decimals, needed), MAX_DECIMALS));
}

/** All digits of a float. */
export function exactText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return (value < 0 ? MINUS : "") + group(toDecimal(Math.abs(value)));
}

/** `+0.58%` of the fraction 0.0058, always with a sign. */
export function deltaText(fraction: number): string {
  if (!Number.isFinite(fraction)) return "–";
  const sign = fraction < 0 ? MINUS : "+";
  return `${sign}${numberText(Math.abs(fraction) * 100, 2)}%`;
}

/** `74.7%` of the fraction 0.747. */
export function shareText(fraction: number): string {
  const percent = fraction * 100;
  return `${numberText(percent, percent > 0 && percent < 0.1 ? 2 : 1)}%`;
}

const UNITS = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e4, "k"]] as const;

/** `12.4M`: three digits and a unit, used beside the exact value. */
export function compactText(value: number): string {
  const size = Math.abs(value);
  const [unit, letter] = UNITS.find(([unit]) => size >= unit) ?? [1, ""];
  if (letter === "k") return `${numberText(value / 1e3, size < 1e5 ? 1 : 0)}k`;
  if (letter !== "") return `${numberText(value / unit, decimalsFor(size / unit))}${letter}`;
  return priceText(value, size >= 1000 ? 0 : size >= 100 ? 1 : 2);
}

/** `$2.784T`, or `2.394T EUR` in another asset. */
export function moneyText(value: number, quote = "USD"): string {
  const [unit, letter] = UNITS.find(([unit, letter]) => letter !== "k" && value >= unit) ?? [1, ""];
  const scaled = value / unit;
  const decimals = letter === "" ? 0 : scaled < 10 ? 3 : decimalsFor(scaled);
  return inMoney(`${numberText(scaled, decimals)}${letter}`, quote);
}

/** `$5`, or `5 EUR`. */
export function inMoney(text: string, quote: string): string {
  return quote === "USD" ? `$${text}` : `${text}${NBSP}${quote}`;
}

/** Decimals of a price step: 2 of `0.01000000`. */
export function stepDecimals(step: string | undefined): number | undefined {
  return step === undefined ? undefined : decimalsOf(Number(step));
}

/**
 * Decimals needed to write all `prices` exactly: those of the price step, or more where older
 * prices have more.
 */
export function priceDecimals(tickSize: string | undefined, prices: Iterable<number>): number {
  let decimals = stepDecimals(tickSize) ?? 0;
  for (const price of prices) {
    if (!hasAtMost(decimals, price)) decimals = Math.max(decimals, decimalsOf(price));
  }
  return Math.min(decimals, MAX_DECIMALS);
}

/** True if `decimals` digits write the value exactly; faster than to write all its digits. */
function hasAtMost(decimals: number, value: number): boolean {
  const unit = 10 ** decimals;
  return Math.round(value * unit) / unit === value;
}

function decimalsOf(value: number): number {
  const text = `${value}`;
  if (!text.includes("e")) return text.includes(".") ? text.length - text.indexOf(".") - 1 : 0;
  const [, fraction = "", exponent = "0"] = /^-?\d+(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(text) ??
    [];
  return Math.max(0, fraction.length - Number(exponent));
}

function decimalsFor(size: number): number {
  return size >= 100 ? 0 : size >= 10 ? 1 : 2;
}

function group(digits: string): string {
  const point = digits.indexOf(".");
  const end = point < 0 ? digits.length : point;
  let grouped = digits.slice(Math.max(0, end - 3));
  for (let at = end - 3; at > 0; at -= 3) {
    grouped = digits.slice(Math.max(0, at - 3), at) + GROUP + grouped;
  }
  return grouped;
}

/** `99.82%` of the fraction 0.99829: rounded down, so that only 1 becomes 100%. */
export function coverageText(fraction: number): string {
  return `${numberText(Math.floor(fraction * 1e4 + 1e-9) / 100, 2)}%`;
}

const BYTE_UNITS = [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"]] as const;

/** `148.2 MB`, in powers of a thousand. */
export function bytesText(bytes: number): string {
  const [unit, letters] = BYTE_UNITS.find(([unit]) => bytes >= unit) ?? [1, "bytes"];
  return `${numberText(bytes / unit, unit === 1 || bytes / unit >= 1000 ? 0 : 1)}${NBSP}${letters}`;
}
