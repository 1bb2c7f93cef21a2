import { z } from "zod";
import { ROLLUP_CAUSES } from "../core/rollup.ts";
import type { ErrorCode } from "../core/errors.ts";
import { INTERVALS } from "../core/interval.ts";
import { CANDLE_SOURCES, LACKING_COLUMNS } from "../core/imported_candle.ts";
import { KLINE_COLUMNS } from "../core/kline.ts";
import { ERROR_STATUS } from "../http/error_response.ts";

const epochMs = z.int().meta({ description: "Milliseconds since 1970, UTC" });
const count = z.int().min(0);
const symbol = z.string().meta({ examples: ["ETHUSDT"] });
const interval = z.enum(INTERVALS).meta({ examples: ["4h"] });

/** Descriptions of the columns. */
const COLUMN_WORDS: Record<typeof KLINE_COLUMNS[number], string> = {
  open_time: "Start of the candle; identifies it within its series",
  open_price: "In quote asset",
  high_price: "In quote asset",
  low_price: "In quote asset",
  close_price: "In quote asset",
  volume: "In base asset",
  close_time: "As sent by the exchange: normally the last millisecond; after outages it can differ",
  quote_asset_volume: "In quote asset",
  number_of_trades: "Trades within the candle",
  taker_buy_base_asset_volume: "Bought by takers, in base asset",
  taker_buy_quote_asset_volume: "Bought by takers, in quote asset",
};

/** Null for imported candles, which come with `imported=1` only. */
const orNull = (column: typeof KLINE_COLUMNS[number], type: z.ZodType): z.ZodType =>
  LACKING_COLUMNS.includes(column) ? type.nullable() : type;

const source = z.enum(CANDLE_SOURCES);
const SOURCE_WORDS = "With `imported=1`: whether the candle is the exchange's or of another " +
  "program's file. Values that such a file lacks are null";

const isCount = (column: string) => column === "number_of_trades";
const isTime = (column: string) => column.endsWith("_time");

/** `/export?format=json`: decimals are text, times depend on the parameter `time`. */
export const exportedCandle = z.object({
  ...Object.fromEntries(
    KLINE_COLUMNS.map((column) => {
      const type = isCount(column) ? z.int() : isTime(column) ? z.union([z.string(), z.int()]) : z
        .string();
      return [column, orNull(column, type).meta({ description: COLUMN_WORDS[column] })];
    }),
  ),
  derived_from: interval.optional().meta({
    description: "The shorter interval that the candle is made of; absent for the exchange's own",
  }),
  source: source.optional().meta({ description: SOURCE_WORDS }),
}).meta({ id: "Candle" });

/** `/api/candles`: columns of equal length. */
export const candleColumns = z.object({
  symbol,
  interval,
  ...Object.fromEntries(
    KLINE_COLUMNS.map((column) => {
      const type = isTime(column) || isCount(column) ? z.int() : z.number();
      return [column, z.array(orNull(column, type)).meta({ description: COLUMN_WORDS[column] })];
    }),
  ),
  source: z.array(source).optional().meta({ description: SOURCE_WORDS }),
  derived_from: interval.optional().meta({
    description: "With `rollup=1`: the shorter interval that the candles are made of. Absent for " +
      "the exchange's own candles",
  }),
  omitted: z.array(epochMs).optional().meta({
    description: "With `derived_from`: open times left out, because parts of them are pending",
  }),
}).meta({ id: "CandleColumns" });

const gapClass = z.enum(["not_listed", "exchange_outage", "pending", "delisted"]).meta({
  description: "not_listed: before the symbol was listed. exchange_outage: requested again and " +
    "confirmed absent. pending: missing here, will be refetched. delisted: not traded",
});

const rename = z.object({
  symbol,
  kind: z.enum(["known", "suggested"]).meta({
    description: "known: announced. suggested: only the dates and prices fit",
  }),
  ratio: z.number().meta({ description: "Units of the old asset for one of the new" }),
  reason: z.string(),
}).nullable();

const renames = {
  renamed_from: rename.meta({ description: "The symbol that this one continues" }),
  renamed_to: rename.meta({ description: "The symbol that continues this one" }),
};

export const seriesList = z.object({
  series: z.array(z.object({
    symbol,
    interval,
    rows: count.meta({ description: "Closed candles of the exchange stored" }),
    imported: count.meta({
      description:
        "Candles of other programs' files where none of the exchange is stored; they are " +
        "in no other figure. With `rows` 0 the series is known from such files alone",
    }),
    first_open_time: epochMs.nullable(),
    last_open_time: epochMs.nullable(),
    holes: z.partialRecord(gapClass, count).meta({ description: "Number of gaps of each class" }),
    freshness: z.enum(["fresh", "late", "stale", "collecting"]),
    age_ms: z.number().min(0).nullable().meta({
      description: "Time since the newest stored candle closed, by the exchange's clock",
    }),
    conflicts: count.meta({
      description:
        "Candles for which a less reliable source has other values; the stored ones are kept",
    }),
    refused_files: count.meta({
      description: "Files of the exchange's archive that could not be trusted or fetched",
    }),
    rollup: z.object({
      from: interval.meta({ description: "The shorter interval" }),
      compared: count.meta({ description: "Candles compared with the sum of their parts" }),
      equal: count,
      differing: count,
      unexplained: count.meta({ description: "Differences that the exchange has not confirmed" }),
      checked_at: epochMs.nullable(),
      newest: z.array(z.object({
        open_time: epochMs,
        columns: z.array(z.string()),
        cause: z.enum(ROLLUP_CAUSES).nullable(),
      })).meta({ description: "The newest differences, at most five" }),
    }).nullable().meta({
      description: "Comparison with the candles of a shorter interval; null if none is stored",
    }),
    viewers: count.meta({
      description: "Streams of /api/live on the responding instance",
    }),
    renamed_from: renames.renamed_from.optional(),
    renamed_to: renames.renamed_to.optional(),
  })),
  next: z.string().nullable().optional().meta({
    description: "With `limit`: value of `after` for the next page, null on the last one",
  }),
}).meta({ id: "SeriesList" });

export const symbolList = z.object({
  symbols: z.array(z.object({
    symbol,
    base: z.string().meta({ description: "Base asset", examples: ["BTC"] }),
    quote: z.string().meta({ description: "Quote asset", examples: ["USDT"] }),
    name: z.string().nullable().meta({
      description: "Name of the base asset's coin, if it differs from the ticker",
      examples: ["Bitcoin"],
    }),
    price: z.object({
      last: z.number().meta({ description: "Close of the newest stored candle" }),
      day_ago: z.number().nullable().meta({ description: "Close one day before" }),
      open_time: epochMs.meta({ description: "Open time of the newest stored candle" }),
      decimals: count.meta({ description: "Decimal places of prices" }),
      freshness: z.enum(["fresh", "late", "stale", "collecting"]),
      closes: z.array(z.number()).meta({ description: "Recent closes, ascending" }),
    }).nullable().meta({
      description:
        "From candles of the shortest configured interval; null while the symbol is collected",
    }),
  })),
  total: count.meta({ description: "Number of symbols that match" }),
  next: symbol.nullable().meta({
    description: "`after` of the next page; null on the last one",
  }),
}).meta({ id: "SymbolList" });

export const gapList = z.object({
  gaps: z.array(z.object({
    symbol,
    interval,
    from: epochMs,
    to: epochMs.meta({ description: "Exclusive" }),
    missing: count.meta({ description: "Missing whole intervals" }),
    class: gapClass,
    evidence: z.object({
      asked_at: epochMs,
      host: z.string().nullable(),
      asked: count.meta({ description: "Number of requests that confirmed the absence" }),
      others: count.meta({ description: "Other symbols that traded before and after the gap" }),
      others_missing: count.meta({ description: "Number of these that have the same gap" }),
    }).nullable(),
    imported: count.meta({
      description:
        "Imported candles in the gap: it remains one, because they are not the exchange's",
    }),
    checked_at: epochMs.nullable(),
  })),
}).meta({ id: "GapList" });

export const universeAnswer = z.object({
  at: epochMs.meta({ description: "Midnight UTC of the day" }),
  quote: z.string().nullable(),
  symbols: z.array(z.object({
    symbol,
    base: z.string(),
    quote: z.string(),
    listed_at: epochMs.meta({ description: "Open time of the first candle of this listing" }),
    delisted_at: epochMs.nullable().meta({
      description: "End of the last candle of this listing; null: still traded when last checked",
    }),
    evidence: z.array(z.object({
      fact: z.enum(["first_candle", "last_candle", "status", "status_change", "archive_files"]),
      at: epochMs,
      source: z.enum(["exchange", "archive", "stored"]).meta({
        description:
          "exchange: its API, exact to the minute. archive: files of its archive, exact " +
          "to the day. stored: candles stored here, until the symbol is looked up",
      }),
      detail: z.string().nullable(),
    })),
    assets_from: z.enum(["exchange", "name"]).meta({
      description:
        "name: base and quote are split from the name of a symbol that the exchange no " +
        "longer describes",
    }),
    ...renames,
  })),
  next: symbol.nullable().meta({ description: "Value of `after` for the next page" }),
  pending: count.meta({ description: "Symbols whose dates are not looked up yet" }),
  checked_at: epochMs.nullable().meta({ description: "Newest look-up of a symbol" }),
}).meta({ id: "Universe" });

export const marketCapList = z.object({
  quote: z.string().optional().meta({ description: "The requested asset, unless it is USD" }),
  rate: z.object({
    usd: z.number().meta({ description: "US dollars for one unit" }),
    source: z.string().nullable().meta({ description: "Markets whose closes it is, or provider" }),
    taken_at: epochMs.nullable(),
  }).optional(),
  coins: z.array(z.object({
    coin: z.string().meta({
      description: "CoinGecko ID; for coins known only to CoinMarketCap, its slug",
      examples: ["bitcoin"],
    }),
    symbol: z.string().meta({ description: "Ticker", examples: ["BTC"] }),
    price: z.number().meta({ description: "In US dollars, or in `quote`" }),
    circulating_supply: z.number().meta({ description: "In coins" }),
    market_cap: z.number().meta({ description: "In US dollars, or in `quote`" }),
    change_24h: z.number().nullable().meta({
      description: "Change of the price in US dollars over 24 hours, as a fraction, from closed " +
        "candles; null where unknown",
    }),
    source: z.string().meta({
      description: "The provider; `derived` means last known supply × last stored close",
    }),
    taken_at: epochMs,
    age_ms: z.number().min(0),
  })),
}).meta({ id: "MarketCapList" });

export const marketCapHistory = z.object({
  times: z.array(epochMs),
  coins: z.array(z.object({
    coin: z.string().meta({ description: "CoinGecko ID", examples: ["bitcoin"] }),
    symbol: z.string().meta({ description: "Ticker", examples: ["BTC"] }),
    recorded_from: epochMs.nullable().meta({ description: "Values before this time are derived" }),
    market_cap: z.array(z.number().nullable()).meta({
      description: "In US dollars, one per element of `times`",
    }),
  })),
}).meta({ id: "MarketCapHistory" });

export const healthAnswer = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

export const readinessAnswer = z.object({
  status: z.enum(["ready", "not ready"]),
  database: z.string().meta({
    description: "`ok`, or the reason why it cannot be read or written",
  }),
  kv: z.string().meta({
    description:
      "`ok`; `in memory: …` while its file is unusable; otherwise the reason for the failure",
  }),
  exchange: z.string().meta({ description: "`ok`, or the reason why it is unreachable" }),
  clock_offset_ms: z.number().meta({
    description: "The exchange's clock minus this machine's; 0 before the first request",
  }),
  disk_free_bytes: count.nullable().meta({
    description: "Free bytes on the embedded database's disk; null with an external database",
  }),
  maintenance: z.object({ since: z.string(), trading: count, listed: count }).nullable().meta({
    description: "Present while the exchange trades almost none of its listed symbols",
  }),
  failing: z.record(z.string(), z.string()).meta({
    description: "Failing series by name, with the reason; others are not affected",
  }),
  series: z.record(z.string(), count).nullable().meta({
    description: "Number of series by freshness",
  }),
}).meta({ id: "Readiness" });

const ERROR_CODES = Object.keys(ERROR_STATUS) as ErrorCode[];

/** Error body of wick's own endpoints. */
export const failureAnswer = z.object({
  error: z.object({
    code: z.enum([...ERROR_CODES, "internal"]),
    message: z.string().meta({ description: "What was given and what is allowed" }),
    param: z.string().optional().meta({ description: "The parameter at fault" }),
  }),
}).meta({ id: "Failure" });
