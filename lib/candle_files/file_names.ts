import { type Interval, INTERVALS, isInterval } from "../core/interval.ts";

/** Facts about a file's content that its name states. */
export interface NameParts {
  readonly symbol?: string;
  readonly interval?: Interval;
  /** The reason why these are no spot candles of Binance, as a clause. */
  readonly foreign?: string;
  /** Interval of which wick's export with rollup=1 added up the candles. */
  readonly derivedFrom?: Interval;
}

/** Extensions of candle files, also below a compression's. */
export const CANDLE_FILE =
  /\.(csv|tsv|zip|json|jsonl|ndjson|jsongz|feather|arrow|parquet|sqlite|sqlite3|db)(\.(gz|zst))?$|\.(gz|zst)$/i;

/** Spellings of intervals outside Binance. */
const SPELLINGS: Readonly<Record<string, Interval>> = {
  minute: "1m",
  hour: "1h",
  day: "1d",
  daily: "1d",
  d: "1d",
  week: "1w",
  "1mo": "1M",
  "1min": "1m",
  "5min": "5m",
  "15min": "15m",
  "30min": "30m",
  "1hour": "1h",
  "60min": "1h",
  "1day": "1d",
  "1week": "1w",
};

/** Exchanges and sites whose names begin the names of files. */
const OTHERS =
  /^(bitstamp|coinbase|kraken|gemini|bitfinex|bittrex|poloniex|okx|okex|kucoin|huobi|htx|gateio|bybit|binanceus|binanceusdm|binancecoinm|ftx|cexio|exmo|hitbtc|bitmex|deribit)$/i;
const DERIVATIVE =
  /^(futures?|perp|perpetual|swap|mark|markprice\w*|index|indexprice\w*|premium\w*|funding|fundingrate|um|cm|coinm|usdm|delivery|option)$/i;
/** Files of Binance's archive that hold no candles. */
const NO_CANDLES =
  /^(aggtrades|trades|bookticker|bookdepth|metrics|liquidationsnapshot|bvolindex|eohsummary|fundingrate)$/i;
const QUOTES =
  "USDT|USDC|FDUSD|TUSD|BUSD|USDP|PAX|USDS|DAI|BTC|ETH|BNB|TRX|XRP|DOGE|EUR|GBP|AUD|TRY|BRL|" +
  "RUB|UAH|NGN|ZAR|IDR|BIDR|BVND|IDRT|PLN|RON|ARS|JPY|MXN|CZK|USD1|USD";
const PAIR = new RegExp(`^([A-Z0-9]{1,15})[-_/]?(${QUOTES})$`, "i");

/**
 * Reads the series out of names such as `BTC_USDT-1h.feather` (freqtrade),
 * `Binance_BTCUSDT_1h.csv` (CryptoDataDownload), `BTCUSDT-1h-data.csv`, `ETHUSDT_1d.csv`.
 */
export function parseFileName(name: string): NameParts {
  const stem = name.replace(
    /(\.(csv|tsv|txt|zip|json\w*|ndjson|feather|arrow|parquet|sqlite3?|db|gz|zst))+$/i,
    "",
  );
  const words = stem.split(/[-_., ]+/).filter((word) => word !== "");
  const foreign = foreignWord(words, stem);
  const rest = words.slice(words.findIndex((word) => !/^(binance|spot)$/i.test(word)));
  const interval = rest.slice(1).map(toInterval).find((one) => one !== undefined);
  const symbol = symbolOf(rest);
  const from = words.indexOf("from");
  const derivedFrom = from < 0 ? undefined : toInterval(words[from + 1] ?? "");
  return {
    ...symbol === undefined ? {} : { symbol },
    ...interval === undefined ? {} : { interval },
    ...foreign === undefined ? {} : { foreign },
    ...derivedFrom === undefined ? {} : { derivedFrom },
  };
}

function symbolOf(words: readonly string[]): string | undefined {
  const [first = "", second] = words;
  if (second !== undefined && isQuote(second) && toInterval(second) === undefined) {
    return `${first}${second}`.toUpperCase();
  }
  return PAIR.test(first) ? first.toUpperCase() : undefined;
}

/** True for the quote asset of a pair, in any case. */
export const isQuote = (word: string) => new RegExp(`^(${QUOTES})$`, "i").test(word);

function toInterval(word: string): Interval | undefined {
  if (isInterval(word)) return word;
  const lower = word.toLowerCase();
  return SPELLINGS[lower] ?? INTERVALS.find((one) => one !== "1M" && one === lower);
}

function foreignWord(words: readonly string[], stem: string): string | undefined {
  const other = words.find((word) => OTHERS.test(word));
  if (other !== undefined) return `its name says ${other}, which is another exchange`;
  const data = words.find((word) => NO_CANDLES.test(word));
  if (data !== undefined) return `its name says ${data}, which are not candles`;
  const derivative = words.slice(1).find((word) => DERIVATIVE.test(word));
  if (derivative !== undefined) return `its name says ${derivative}, which is not the spot market`;
  // freqtrade names futures after base, quote and settlement: BTC_USDT_USDT.
  const isSettled = words.length > 2 && isQuote(words[1]!) && isQuote(words[2]!);
  // TradingView writes perpetual contracts as `BTCUSDT.P`.
  const isPerpetual = /(^|[^A-Z0-9])[A-Z0-9]{2,}\.P(?![A-Z0-9])/i.test(stem);
  const isDated = /^\d{6}$/.test(words[1] ?? "") && PAIR.test(words[0] ?? "");
  return isSettled || isDated || isPerpetual ? "its name is that of a futures contract" : undefined;
}

/** A pair as other programs write it: `BTC/USDT`, `btc-usdt`, `BTC_USDT` as `BTCUSDT`. */
export function toSymbol(written: string): string {
  return written.replaceAll(/[-_/ ]/g, "").toUpperCase();
}

/** An interval as other programs write it; `undefined` for others than Binance's. */
export function parseWrittenInterval(written: string): Interval | undefined {
  return toInterval(written.trim());
}
