import { z } from "zod";
import { AppError } from "./core/errors.ts";
import { type Interval, intervalMs } from "./core/interval.ts";
import { intervalRule, listRule, timeRule } from "./core/parameter_rules.ts";
import { type SymbolSelection, symbolSelectionRule } from "./core/symbol_selection.ts";
import { marketOf, PUBLIC_MARKET } from "./core/public_market.ts";
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from "./core/time.ts";

/** Default symbols, each against USDT; their base assets make up the pie. */
const DEFAULT_SYMBOLS =
  "BTCUSDT,ETHUSDT,BNBUSDT,SOLUSDT,XRPUSDT,ADAUSDT,DOGEUSDT,TRXUSDT,AVAXUSDT,LINKUSDT";

/**
 * In order of preference: the first needs no key, serves market data only, and is rarely blocked.
 */
const DEFAULT_BINANCE_URLS =
  "https://data-api.binance.vision,https://api.binance.com,https://api-gcp.binance.com";

/** Zips of whole months and days, without a request limit. */
const DEFAULT_STREAM_URLS = [
  "wss://data-stream.binance.vision",
  "wss://stream.binance.com:9443",
  "wss://stream.binance.com",
];
const DEFAULT_ARCHIVE_URL = "https://data.binance.vision";
const DEFAULT_LIST_URL = "https://s3-ap-northeast-1.amazonaws.com/data.binance.vision";

const integer = (min: number, max: number) =>
  z.string().regex(/^\d+$/, "must be a whole number").transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));
const oneOf = <const T extends readonly string[]>(...names: T) =>
  z.enum(names, `must be one of ${names.join(", ")}`);
const origin = originOf(/^https?$/, "https://api.binance.com");
const streamOrigin = originOf(/^wss?$/, "wss://stream.binance.com:9443");
/** The password in `.env.example`, which is public. */
const EXAMPLE_PASSWORD = "change-me";
const EXAMPLE_REFUSED = `has the example's password "${EXAMPLE_PASSWORD}"; set one of your own`;
/** A libpq URI, including several hosts. */
const databaseUrl = z.string().regex(
  /^postgres(ql)?:\/\/[^\s?]*(\?\S*)?$/,
  "must look like postgresql://user:password@host:5432/name",
).refine(
  (url) => !url.includes(`:${EXAMPLE_PASSWORD}@`) && !url.includes(`password=${EXAMPLE_PASSWORD}`),
  EXAMPLE_REFUSED,
);
const cron = z.string().regex(/^(\S+\s+){4}\S+$/, "must be a five-field cron schedule");

const schema = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: integer(0, 65535).prefault("8000"),
  BASE_PATH: z.string().regex(/^(\/[\w.~-]+)+\/?$/, "must look like /wick").default("")
    .transform((path) => path.replace(/\/$/, "")),
  TRUST_PROXY_HOPS: integer(0, 10).prefault("0"),
  LIMIT_CONNECTIONS: integer(0, 1_000_000).optional(),
  LIMIT_CONNECTIONS_TOTAL: integer(1, 1_000_000).optional(),
  LIMIT_STREAMS: integer(0, 1_000_000).prefault("50"),
  LIMIT_EXPORTS: integer(0, 1_000_000).prefault("4"),
  LIMIT_REQUESTS: integer(0, 1_000_000).prefault("20"),
  DATABASE_URL: databaseUrl.optional(),
  PGHOST: z.string().optional(),
  DATABASE_READ_URL: databaseUrl.optional(),
  DATABASE_POOL: integer(1, 1_000).prefault("5"),
  DATA_DIR: z.string().default(".data"),
  KV_PATH: z.string().optional(),
  SYMBOLS: symbolSelectionRule.prefault(DEFAULT_SYMBOLS),
  INTERVALS: listRule(intervalRule).prefault("1h,4h,1d"),
  HISTORY_SINCE: timeRule.optional(),
  BINANCE_URLS: listRule(origin).prefault(DEFAULT_BINANCE_URLS),
  BINANCE_MARKET: z.string().regex(/^[\w.+-]{1,80}$/, "must be a word, such as public").optional(),
  BINANCE_STREAM_URL: z.union(
    [z.literal("off"), listRule(streamOrigin)],
    "must be a list of ws or wss origins, or off",
  ).optional(),
  ARCHIVE_URL: z.union([z.literal("off"), origin], "must be an origin, or off").optional(),
  ARCHIVE_LIST_URL: origin.optional(),
  MARKET_CAP_PROVIDER: oneOf("coingecko", "coinmarketcap").default("coingecko"),
  COINGECKO_URL: origin.prefault("https://api.coingecko.com"),
  COINGECKO_API_KEY: z.string().optional(),
  COINMARKETCAP_URL: origin.prefault("https://pro-api.coinmarketcap.com"),
  CMC_API_KEY: z.string().optional(),
  CRON_COLLECT: cron.optional(),
  CRON_REPAIR: cron.default("*/10 * * * *"),
  CRON_MARKET_CAPS: cron.default("*/15 * * * *"),
  LOG_LEVEL: oneOf("debug", "info", "warn", "error").default("info"),
  LOG_FORMAT: oneOf("text", "json").default("text"),
  LOG_FILE: z.string().optional(),
  WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
}).superRefine((env, ctx) => {
  if (env.MARKET_CAP_PROVIDER === "coinmarketcap" && env.CMC_API_KEY === undefined) {
    ctx.addIssue({
      code: "custom",
      path: ["CMC_API_KEY"],
      message: "is needed when MARKET_CAP_PROVIDER is coinmarketcap",
    });
  }
});

/** Names of wick's variables. */
export const VARIABLES: readonly string[] = Object.keys(schema.shape);

type Env = z.output<typeof schema>;

/** The database: a server of the operator's, or an embedded cluster below the data folder. */
export type DatabaseConfig =
  | { readonly kind: "embedded" }
  | {
    readonly kind: "server";
    readonly url: string | undefined;
    /** libpq's variables, and the two that its defaults follow from: `HOME` and `USER`. */
    readonly environment: Readonly<Record<string, string>>;
  };

/** The complete configuration, validated and frozen. Times in epoch ms. */
export interface Config {
  readonly server: { host: string; port: number; basePath: string; trustProxyHops: number };
  /**
   * Connections of one client (0: without a limit) and of all; `undefined`: by the open-file limit.
   */
  readonly connections: { perClient: number | undefined; total: number | undefined };
  /** Concurrent uses per client, including waiting ones; 0: unlimited. */
  readonly limits: { streams: number; exports: number; requests: number };
  readonly database: DatabaseConfig;
  readonly databaseReadUrl: string | undefined;
  /** Maximum connections to each server, including those of exports. */
  readonly databasePool: number;
  readonly dataDir: string;
  /** `undefined`: in the data folder, or on Deno Deploy the attached one. */
  readonly kvPath: string | undefined;
  /** Symbols to collect: names, patterns and groups. */
  readonly symbols: SymbolSelection;
  /** Shortest first. */
  readonly intervals: readonly Interval[];
  readonly historySince: number | undefined;
  /** Origins of the exchange, in order of preference. */
  readonly binanceUrls: readonly string[];
  /** Name of the market that these origins serve; a database holds candles of one market. */
  readonly market: string;
  /** Origins of the exchange's streams, in order of preference; none: use the REST API only. */
  readonly binanceStreamUrls: readonly string[];
  /** Origin of the exchange's archive; `undefined`: use the API only. */
  readonly archiveUrl: string | undefined;
  /** Origin of the archive's listing; `undefined` with `archiveUrl`. */
  readonly archiveListUrl: string | undefined;
  readonly marketCaps: {
    provider: "coingecko" | "coinmarketcap";
    coingecko: { url: string; key: string | undefined };
    coinmarketcap: { url: string; key: string | undefined };
  };
  readonly crons: { collect: string; repair: string; marketCaps: string };
  readonly log: {
    level: "debug" | "info" | "warn" | "error";
    format: "text" | "json";
    file: string | undefined;
  };
  /** Receives a POST when a series becomes stale and when it recovers. */
  readonly webhookUrl: string | undefined;
}

/**
 * Reads wick's variables out of `env`; an empty or blank one counts as unset, others are ignored.
 *
 * @throws `invalid_input` once, naming every bad variable and no value
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
  now: EpochMs = Date.now(),
): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ""));
  const parsed = schema.safeParse(set);
  const problems =
    parsed.error?.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) ??
      [];
  if (set["PGPASSWORD"] === EXAMPLE_PASSWORD) problems.push(`PGPASSWORD: ${EXAMPLE_REFUSED}`);
  const since = schema.shape.HISTORY_SINCE.safeParse(set["HISTORY_SINCE"]).data;
  if (since !== undefined && since > now) problems.push("HISTORY_SINCE: is in the future");
  if (!parsed.success || problems.length > 0) {
    throw new AppError("invalid_input", `Cannot read the configuration: ${problems.join("; ")}`);
  }
  return deepFreeze(toConfig(inHome(parsed.data, set["HOME"]), toDatabase(parsed.data, set)));
}

/** Paths that start with `~/`: in a `.env` file no shell expands them. */
function inHome(env: Env, home: string | undefined): Env {
  const expand = (path: string) =>
    home === undefined ? path : path.replace(/^~(?=\/|$)/, () => home);
  return {
    ...env,
    DATA_DIR: expand(env.DATA_DIR),
    KV_PATH: env.KV_PATH && expand(env.KV_PATH),
    LOG_FILE: env.LOG_FILE && expand(env.LOG_FILE),
  };
}

/** Only a host selects a server of the operator's: a `PGSSLMODE` in the shell does not. */
function toDatabase(env: Env, set: Readonly<Record<string, string | undefined>>): DatabaseConfig {
  const isNamed = env.DATABASE_URL ?? env.PGHOST ?? set["PGHOSTADDR"];
  if (isNamed === undefined) return { kind: "embedded" };
  const environment = Object.fromEntries(
    Object.entries(set).filter((entry): entry is [string, string] =>
      entry[1] !== undefined && /^(PG[A-Z]+|HOME|USER|USERNAME)$/.test(entry[0])
    ),
  );
  return { kind: "server", url: env.DATABASE_URL, environment };
}

function toConfig(env: Env, database: DatabaseConfig): Config {
  const archiveUrl = companion(env.ARCHIVE_URL, env, DEFAULT_ARCHIVE_URL);
  const intervals = env.INTERVALS.toSorted((a, b) => intervalMs(a) - intervalMs(b));
  return {
    server: {
      host: env.HOST,
      port: env.PORT,
      basePath: env.BASE_PATH,
      trustProxyHops: env.TRUST_PROXY_HOPS,
    },
    connections: {
      // Behind a proxy all connections come from the proxy.
      perClient: env.TRUST_PROXY_HOPS > 0 ? 0 : env.LIMIT_CONNECTIONS,
      total: env.LIMIT_CONNECTIONS_TOTAL,
    },
    limits: {
      streams: env.LIMIT_STREAMS,
      exports: env.LIMIT_EXPORTS,
      requests: env.LIMIT_REQUESTS,
    },
    database,
    databaseReadUrl: env.DATABASE_READ_URL,
    databasePool: env.DATABASE_POOL,
    dataDir: env.DATA_DIR,
    kvPath: env.KV_PATH,
    symbols: env.SYMBOLS,
    intervals,
    historySince: env.HISTORY_SINCE,
    binanceUrls: env.BINANCE_URLS,
    market: env.BINANCE_MARKET ?? marketOf(env.BINANCE_URLS),
    binanceStreamUrls: companion(env.BINANCE_STREAM_URL, env, DEFAULT_STREAM_URLS) ?? [],
    archiveUrl,
    archiveListUrl: archiveUrl && (env.ARCHIVE_LIST_URL ?? listUrlOf(archiveUrl)),
    marketCaps: {
      provider: env.MARKET_CAP_PROVIDER,
      coingecko: { url: env.COINGECKO_URL, key: env.COINGECKO_API_KEY },
      coinmarketcap: { url: env.COINMARKETCAP_URL, key: env.CMC_API_KEY },
    },
    crons: {
      collect: env.CRON_COLLECT ?? cronAtClose(intervals[0]!),
      repair: env.CRON_REPAIR,
      marketCaps: env.CRON_MARKET_CAPS,
    },
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT, file: env.LOG_FILE },
    webhookUrl: env.WEBHOOK_URL,
  };
}

/** Binance's archive and streams belong to its public market: for other origins they are off. */
function companion<T>(given: T | "off" | undefined, { BINANCE_URLS }: Env, ofBinance: T) {
  if (given !== undefined) return given === "off" ? undefined : given;
  return marketOf(BINANCE_URLS) === PUBLIC_MARKET ? ofBinance : undefined;
}

/** Binance's archive lists its folders at the bucket's own address; copies at theirs. */
function listUrlOf(archiveUrl: string): string {
  return archiveUrl === DEFAULT_ARCHIVE_URL ? DEFAULT_LIST_URL : archiveUrl;
}

/** The schedule that fires when candles of `interval` close; cron's finest step is a minute. */
export function cronAtClose(interval: Interval): string {
  const ms = intervalMs(interval);
  if (ms < 2 * MINUTE_MS) return "* * * * *";
  if (ms < HOUR_MS) return `*/${ms / MINUTE_MS} * * * *`;
  if (ms === HOUR_MS) return "0 * * * *";
  if (ms < DAY_MS) return `0 */${ms / HOUR_MS} * * *`;
  return "0 0 * * *";
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** An origin to which API paths are appended; a proxy may add a path prefix. */
function originOf(protocol: RegExp, example: string) {
  const words = `must be an origin such as ${example}, without the path of the API`;
  return z.url({ protocol, error: words })
    .refine((url) => !/[?#]|\/api(\/v\d+)?\/*$/.test(url), words)
    .transform((url) => url.replace(/\/+$/, ""));
}
