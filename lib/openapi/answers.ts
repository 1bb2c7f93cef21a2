import { z } from "zod";
import type { ErrorCode } from "../core/errors.ts";
import { INTERVALS } from "../core/interval.ts";
import { KLINE_COLUMNS } from "../core/kline.ts";
import { ERROR_STATUS } from "../http/error_response.ts";

const epochMs = z.int().meta({ description: "Milliseconds since 1970, UTC" });
const count = z.int().min(0);
const symbol = z.string().meta({ examples: ["ETHUSDT"] });
const interval = z.enum(INTERVALS).meta({ examples: ["4h"] });

/** What a column holds, in words. */
const COLUMN_WORDS: Record<typeof KLINE_COLUMNS[number], string> = {
  open_time: "Beginning of the candle; identifies it within its series",
  open_price: "In quote asset",
  high_price: "In quote asset",
  low_price: "In quote asset",
  close_price: "In quote asset",
  volume: "In base asset",
  close_time: "As the exchange sent it: normally the last millisecond, after outages anything",
  quote_asset_volume: "In quote asset",
  number_of_trades: "Trades within the candle",
  taker_buy_base_asset_volume: "Bought by takers, in base asset",
  taker_buy_quote_asset_volume: "Bought by takers, in quote asset",
};

const isCount = (column: string) => column === "number_of_trades";
const isTime = (column: string) => column.endsWith("_time");

/** `/export?format=json`: decimals are text, times as the parameter `time` says. */
export const exportedCandle = z.object(Object.fromEntries(
  KLINE_COLUMNS.map((column) => {
    const type = isCount(column) ? z.int() : isTime(column) ? z.union([z.string(), z.int()]) : z
      .string();
    return [column, type.meta({ description: COLUMN_WORDS[column] })];
  }),
)).meta({ id: "Candle" });

/** `/api/candles`: columns of equal length. */
export const candleColumns = z.object({
  symbol,
  interval,
  ...Object.fromEntries(
    KLINE_COLUMNS.map((column) => {
      const type = isTime(column) || isCount(column) ? z.int() : z.number();
      return [column, z.array(type).meta({ description: COLUMN_WORDS[column] })];
    }),
  ),
}).meta({ id: "CandleColumns" });

const gapClass = z.enum(["not_listed", "exchange_outage", "pending", "delisted"]).meta({
  description: "not_listed: before the symbol was traded. exchange_outage: asked for again and " +
    "confirmed absent. pending: not yet fetched, will be refilled. delisted: not traded then",
});

export const seriesList = z.object({
  series: z.array(z.object({
    symbol,
    interval,
    rows: count.meta({ description: "Closed candles held" }),
    first_open_time: epochMs.nullable(),
    last_open_time: epochMs.nullable(),
    holes: z.partialRecord(gapClass, count).meta({ description: "Number of gaps of each class" }),
    freshness: z.enum(["fresh", "late", "stale", "collecting"]),
    age_ms: z.number().min(0).nullable().meta({
      description: "Since the newest candle held closed, by the exchange's clock",
    }),
    conflicts: count.meta({
      description:
        "Candles of which a less reliable source has other values; they stay as they are",
    }),
    refused_files: count.meta({
      description: "Files of the exchange's archive that could not be trusted or had",
    }),
    viewers: count.meta({
      description: "Streams of /api/live that the instance which answers serves",
    }),
  })),
}).meta({ id: "SeriesList" });

export const gapList = z.object({
  gaps: z.array(z.object({
    symbol,
    interval,
    from: epochMs,
    to: epochMs.meta({ description: "Exclusive" }),
    missing: count.meta({ description: "Whole intervals that are absent" }),
    class: gapClass,
    evidence: z.object({
      asked_at: epochMs,
      host: z.string().nullable(),
      asked: count.meta({ description: "Times the exchange was asked in vain" }),
      others: count.meta({ description: "Other symbols that were traded before and after" }),
      others_missing: count.meta({ description: "How many of them miss the same stretch" }),
    }).nullable(),
    checked_at: epochMs.nullable(),
  })),
}).meta({ id: "GapList" });

export const marketCapList = z.object({
  coins: z.array(z.object({
    coin: z.string().meta({
      description: "CoinGecko's id; of coins that only CoinMarketCap knows, its slug",
      examples: ["bitcoin"],
    }),
    symbol: z.string().meta({ description: "Ticker", examples: ["BTC"] }),
    price: z.number().meta({ description: "In US dollars" }),
    circulating_supply: z.number().meta({ description: "In coins" }),
    market_cap: z.number().meta({ description: "In US dollars" }),
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
    coin: z.string().meta({ description: "CoinGecko's id", examples: ["bitcoin"] }),
    symbol: z.string().meta({ description: "Ticker", examples: ["BTC"] }),
    recorded_from: epochMs.nullable().meta({ description: "Before it values are derived" }),
    market_cap: z.array(z.number().nullable()).meta({
      description: "In US dollars, one for each of `times`",
    }),
  })),
}).meta({ id: "MarketCapHistory" });

export const healthAnswer = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

export const readinessAnswer = z.object({
  status: z.enum(["ready", "not ready"]),
  database: z.string().meta({ description: "`ok`, or why it cannot be read and written" }),
  kv: z.string().meta({
    description: "`ok`; `in memory: …` while its file cannot be used; or why it does not answer",
  }),
  exchange: z.string().meta({ description: "`ok`, or why it cannot be reached" }),
  clock_offset_ms: z.number().meta({
    description: "The exchange's clock minus this machine's; 0 before the exchange was asked",
  }),
  disk_free_bytes: count.nullable().meta({
    description: "Free on the disk of the embedded database; null with a server of the operator's",
  }),
  maintenance: z.object({ since: z.string(), trading: count, listed: count }).nullable().meta({
    description: "Set while the exchange trades next to none of the symbols it lists",
  }),
  failing: z.record(z.string(), z.string()).meta({
    description: "Series that fail while the others go on, by name, each with the reason",
  }),
  series: z.record(z.string(), count).nullable().meta({
    description: "Number of series by freshness",
  }),
}).meta({ id: "Readiness" });

const ERROR_CODES = Object.keys(ERROR_STATUS) as ErrorCode[];

/** Every failure of wick's own addresses. */
export const failureAnswer = z.object({
  error: z.object({
    code: z.enum([...ERROR_CODES, "internal"]),
    message: z.string().meta({ description: "What was given and what is allowed" }),
    param: z.string().optional().meta({ description: "The parameter at fault" }),
  }),
}).meta({ id: "Failure" });
