import { findSuccessors } from "../core/universe/renames.ts";

/** Quote assets that count as US dollars. */
export const USD_QUOTES: ReadonlySet<string> = new Set([
  "USDT",
  "USDC",
  "FDUSD",
  "TUSD",
  "BUSD",
  "USDP",
  "USD1",
  "DAI",
  "PAX",
  "USDS",
  "USD",
]);

/** Fiat currencies that are quote assets on Binance. */
const FIAT_QUOTES = [
  "EUR",
  "TRY",
  "BRL",
  "GBP",
  "AUD",
  "RUB",
  "UAH",
  "NGN",
  "ZAR",
  "PLN",
  "RON",
  "ARS",
  "JPY",
  "MXN",
  "CZK",
  "COP",
];

/** Quote assets of Binance, longest first, for symbols that the exchange has not described yet. */
const QUOTES = [
  ...USD_QUOTES,
  "BTC",
  "ETH",
  "BNB",
  "XRP",
  "TRX",
  "DOGE",
  "DOT",
  "SOL",
  "VAI",
  "IDRT",
  "BIDR",
  "BKRW",
  "EURI",
  "AEUR",
  ...FIAT_QUOTES,
].sort((a, b) => b.length - a.length);

/** Fiat currencies that are base assets on Binance. */
const FIAT: ReadonlySet<string> = new Set([...FIAT_QUOTES, "USD", "CAD", "CHF"]);

/**
 * Assets of Binance's former leveraged tokens; a closed list, because coins such as JUP have the
 * same ending.
 */
const LEVERAGED = new RegExp(
  "^(1INCH|AAVE|ADA|BCH|BNB|BTC|DOT|EOS|ETH|FIL|LINK|LTC|SUSHI|SXP|TRX|UNI|XLM|XRP|XTZ|YFI)" +
    "(UP|DOWN|BULL|BEAR)$|^(BULL|BEAR)$",
);

/** Tickers of the providers, where they differ from Binance's; for renames see `findSuccessors`. */
const PROVIDER_TICKERS: Readonly<Record<string, readonly string[]>> = {
  BCHSV: ["BSV"],
  BEAMX: ["BEAM"],
  BTT: ["BTTOLD"],
  BTTC: ["BTT", "BTTC"],
  IOTA: ["IOTA", "MIOTA"],
  UST: ["USTC"],
  XZC: ["FIRO"],
};

/** Coins that became part of another one, and the units of it for one of the old. */
const MERGED: Readonly<Record<string, readonly [into: string, units: number]>> = {
  AGIX: ["FET", 0.43335],
  OCEAN: ["FET", 0.433226],
};

/** Base assets that stand for another coin in custody, and that coin. */
const WRAPPED: Readonly<Record<string, string>> = {
  BETH: "ETH",
  BNSOL: "SOL",
  WBETH: "ETH",
  WBTC: "BTC",
};

/** The coin that a wrapped coin stands for. */
export function findWrapped(ticker: string): string | undefined {
  return WRAPPED[ticker];
}

/** A base asset that stands for several units of a coin: 1000SATS, 1MBABYDOGE. */
const MULTIPLE = /^(1000000|100000|10000|1000|1M)(?=[A-Z])(.+)$/;

/** True for a currency of a state. */
export function isCurrency(asset: string): boolean {
  return FIAT.has(asset);
}

/** The reason why a base asset has no market cap; `undefined` when it may have one. */
export function findNoCoinReason(ticker: string): string | undefined {
  if (FIAT.has(ticker)) return "a currency, not a coin";
  return LEVERAGED.test(ticker) ? "a leveraged token" : undefined;
}

/** A ticker to look up, and the number of coins in one unit of the base asset. */
export interface LookupName {
  readonly name: string;
  readonly multiplier: number;
}

/**
 * The tickers by which a provider may list the coin of a base asset, later ones of renamed coins
 * first.
 */
export function lookupNames(ticker: string): LookupName[] {
  const named = (asset: string, multiplier: number) =>
    (PROVIDER_TICKERS[asset] ?? [asset]).map((name) => ({ name, multiplier }));
  const later = findSuccessors(ticker).flatMap((one) => named(one.ticker, one.units));
  const [into, units] = MERGED[ticker] ?? [];
  const merged = into === undefined || units === undefined ? [] : named(into, units);
  const [, factor, name] = MULTIPLE.exec(ticker) ?? [];
  const multiples = factor === undefined || name === undefined
    ? []
    : [{ name, multiplier: factor === "1M" ? 1_000_000 : Number(factor) }];
  return [...later, ...merged, ...named(ticker, 1), ...multiples];
}

/** True if the coin has a later ticker. */
export function isRenamed(ticker: string): boolean {
  return ticker in MERGED || findSuccessors(ticker).length > 0;
}

/** Guesses base and quote asset from the symbol's ending, until exchangeInfo was read. */
export function guessAssets(symbol: string): { base: string; quote: string } {
  const quote = QUOTES.find((one) => symbol.endsWith(one) && symbol.length > one.length) ?? "";
  return { base: symbol.slice(0, symbol.length - quote.length), quote };
}
