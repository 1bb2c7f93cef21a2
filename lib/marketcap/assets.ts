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

/** Providers' tickers of coins that have or had another ticker on Binance. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  MATIC: ["POL"],
  NANO: ["XNO"],
  BCC: ["BCH"],
  BCHABC: ["BCH"],
  BCHSV: ["BSV"],
  IOTA: ["IOTA", "MIOTA"],
  BTTC: ["BTT", "BTTC"],
  BTT: ["BTTOLD"],
  FTM: ["S", "FTM"],
  RNDR: ["RENDER", "RNDR"],
  KLAY: ["KAIA", "KLAY"],
  EOS: ["A", "EOS"],
  GAL: ["G", "GAL"],
  MC: ["BEAM"],
  BEAMX: ["BEAM"],
  ERD: ["EGLD"],
  LEND: ["AAVE"],
  VEN: ["VET"],
  XZC: ["FIRO"],
  TOMO: ["VIC"],
  NPXS: ["PUNDIX"],
  AGIX: ["FET"],
  OCEAN: ["FET", "OCEAN"],
  UST: ["USTC"],
};

/** A base asset that stands for several units of a coin: 1000SATS, 1MBABYDOGE. */
const MULTIPLE = /^(1000000|100000|10000|1000|1M)(?=[A-Z])(.+)$/;

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

/** The tickers by which a provider may list the coin of a base asset. */
export function lookupNames(ticker: string): LookupName[] {
  const plain = (ALIASES[ticker] ?? [ticker]).map((name) => ({ name, multiplier: 1 }));
  const [, factor, name] = MULTIPLE.exec(ticker) ?? [];
  if (factor === undefined || name === undefined) return plain;
  return [...plain, { name, multiplier: factor === "1M" ? 1_000_000 : Number(factor) }];
}

/** True if the coin was renamed. */
export function isRenamed(ticker: string): boolean {
  return ticker in ALIASES;
}

/** Guesses base and quote asset from the symbol's ending, until exchangeInfo was read. */
export function guessAssets(symbol: string): { base: string; quote: string } {
  const quote = QUOTES.find((one) => symbol.endsWith(one) && symbol.length > one.length) ?? "";
  return { base: symbol.slice(0, symbol.length - quote.length), quote };
}
