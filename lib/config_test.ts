import { namedSymbols } from "./core/symbol_selection.ts";
import assert from "node:assert/strict";
import { cronAtClose, parseConfig } from "./config.ts";
import { z } from "zod";
import { readFlags, seriesSchema } from "./cli/flags.ts";
import { timeRule } from "./core/parameter_rules.ts";
import { AppError } from "./core/errors.ts";
import { intervalParam, parseQuery, symbolParam, timeParam } from "./http/queries/query.ts";

Deno.test("parseConfig() without variables collects ten majors hourly into the embedded PostgreSQL", () => {
  const config = parseConfig({});
  assert.equal(config.server.host, "127.0.0.1");
  assert.equal(config.server.port, 8000);
  assert.deepEqual(config.database, { kind: "embedded" });
  assert.equal(config.symbols.includes.length, 10);
  assert.deepEqual(config.intervals, ["1h", "4h", "1d"]);
  assert.equal(config.binanceUrls[0], "https://data-api.binance.vision");
  assert.equal(config.crons.collect, "0 * * * *");
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.marketCaps.coingecko));
});

Deno.test("parseConfig() treats an empty variable as unset and ignores unknown ones", () => {
  assert.deepEqual(parseConfig({ PORT: "", SYMBOLS: "", HOME: "/root" }), parseConfig({}));
});

Deno.test("parseConfig() treats a blank variable as unset", () => {
  assert.deepEqual(
    parseConfig({ INTERVALS: " ", DATA_DIR: "\t", LOG_FORMAT: "  " }),
    parseConfig({}),
  );
});

Deno.test("parseConfig() expands ~/ in paths to the home folder and leaves other tildes alone", () => {
  const inHome = parseConfig({
    HOME: "/home/$&",
    DATA_DIR: "~/wick",
    KV_PATH: "~/wick/kv",
    LOG_FILE: "~",
  });
  assert.equal(inHome.dataDir, "/home/$&/wick");
  assert.equal(inHome.kvPath, "/home/$&/wick/kv");
  assert.equal(inHome.log.file, "/home/$&");
  assert.equal(parseConfig({ HOME: "/home/ada", DATA_DIR: "~bob/wick" }).dataDir, "~bob/wick");
  assert.equal(parseConfig({ DATA_DIR: "~/wick" }).dataDir, "~/wick");
});

Deno.test("parseConfig() names the limit of a number and the allowed values of a choice", () => {
  const message = (env: Record<string, string>) => {
    try {
      parseConfig(env);
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(message({ PORT: "99999" })!, /PORT: must be at most 65535$/);
  assert.match(message({ DATABASE_POOL: "0" })!, /DATABASE_POOL: must be at least 1$/);
  assert.match(
    message({ LOG_LEVEL: "loud" })!,
    /LOG_LEVEL: must be one of debug, info, warn, error$/,
  );
});

Deno.test("parseConfig() reads lists, origins and times", () => {
  const config = parseConfig({
    SYMBOLS: "ETHUSDT, BTCUSDT,ETHUSDT",
    INTERVALS: "1M,1m",
    BINANCE_URLS: "http://127.0.0.1:9001/,https://api.binance.com",
    HISTORY_SINCE: "2024-01-01",
    DATABASE_URL: "postgres://u:p@h/db",
    BASE_PATH: "/wick/",
  });
  assert.deepEqual(namedSymbols(config.symbols), ["ETHUSDT", "BTCUSDT"]);
  assert.deepEqual(config.intervals, ["1m", "1M"]);
  assert.deepEqual(config.binanceUrls, ["http://127.0.0.1:9001", "https://api.binance.com"]);
  assert.equal(config.historySince, Date.UTC(2024, 0, 1));
  assert.deepEqual(config.database, {
    kind: "server",
    url: "postgres://u:p@h/db",
    environment: {},
  });
  assert.equal(config.server.basePath, "/wick");
  assert.equal(config.crons.collect, "* * * * *");
});

const PUBLIC = {
  archiveUrl: "https://data.binance.vision",
  binanceStreamUrls: [
    "wss://data-stream.binance.vision",
    "wss://stream.binance.com:9443",
    "wss://stream.binance.com",
  ],
  market: "public",
};

function marketParts(env: Record<string, string>) {
  const { archiveUrl, binanceStreamUrls, market } = parseConfig(env);
  return { archiveUrl, binanceStreamUrls, market };
}

Deno.test("parseConfig() uses the public archive and streams for the public market only", () => {
  assert.deepEqual(marketParts({}), PUBLIC);
  for (
    const urls of [
      "https://api.binance.com",
      "https://API.binance.com:443/,https://api3.binance.com/",
    ]
  ) {
    assert.deepEqual(marketParts({ BINANCE_URLS: urls }), PUBLIC, urls);
  }
  for (
    const urls of [
      "https://testnet.binance.vision",
      "https://demo-api.binance.com",
      "https://api.binance.us",
      "http://api.binance.com",
      "http://127.0.0.1:9001",
      "https://data-api.binance.vision,https://testnet.binance.vision",
    ]
  ) {
    const { archiveUrl, binanceStreamUrls, market } = marketParts({ BINANCE_URLS: urls });
    assert.deepEqual([archiveUrl, binanceStreamUrls], [undefined, []], urls);
    assert.notEqual(market, "public", urls);
  }
});

Deno.test("parseConfig() keeps explicitly set archive, streams and market", () => {
  const own = {
    BINANCE_URLS: "https://testnet.binance.vision",
    ARCHIVE_URL: "http://127.0.0.1:9001/",
    BINANCE_STREAM_URL: "wss://stream.testnet.binance.vision, wss://two.example:9443",
  };
  assert.deepEqual(marketParts(own), {
    archiveUrl: "http://127.0.0.1:9001",
    binanceStreamUrls: ["wss://stream.testnet.binance.vision", "wss://two.example:9443"],
    market: "testnet.binance.vision",
  });
  assert.equal(marketParts({ ...own, BINANCE_MARKET: "public" }).market, "public");
  const off = marketParts({ ARCHIVE_URL: "off", BINANCE_STREAM_URL: "off" });
  assert.deepEqual([off.archiveUrl, off.binanceStreamUrls], [undefined, []]);
});

Deno.test("parseConfig() rejects a HISTORY_SINCE that is not a time or is in the future", () => {
  const now = Date.UTC(2025, 5, 15);
  const since = (value: string) => parseConfig({ HISTORY_SINCE: value }, now).historySince;
  assert.equal(since("2025-06-15"), now);
  assert.equal(since("1735689600000"), Date.UTC(2025, 0, 1));
  const bad = [
    "2025-06-16",
    "1735689600",
    "-1",
    "2025-02-30",
    "yesterday",
    "01.02.2025",
    "2025",
    "1e12",
  ];
  for (const value of bad) {
    assert.throws(() => since(value), /Cannot read the configuration: HISTORY_SINCE: /, value);
  }
  const both = { HISTORY_SINCE: "2030-01-01", PORT: "x" };
  assert.throws(() => parseConfig(both, now), /PORT: .*; HISTORY_SINCE: is in the future/);
});

/** Variable, parameter, and texts with the reason why each is refused; `^$`: it is accepted. */
const RULE_CASES: [string, string, [string, RegExp][]][] = [
  ["SYMBOLS", "symbol", [
    ["BTCUSDT", /^$/],
    ["1000SATSUSDT", /^$/],
    ["币安人生USDT", /^$/],
    ["BTC-USDT_250926", /^$/],
    ["BTC+USDT", /^must be a symbol in capitals, such as BTCUSDT$/],
    ["btcusdt", /^must be a symbol/],
    ["BTC/USDT", /^must be a symbol/],
    ["BTC USDT", /^must be a symbol/],
    ["BTC?", /^must be a symbol/],
    ["A".repeat(41), /^must be a symbol/],
  ]],
  ["INTERVALS", "interval", [
    ["1h", /^$/],
    ["1M", /^$/],
    ["1H", /^must be one of 1s, 1m/],
  ]],
  ["HISTORY_SINCE", "from", [
    ["2024-01-01", /^$/],
    ["2024-01-01T00:00", /^$/],
    ["2024-01-01T00:00:00+02:00", /^$/],
    ["1704067200000", /^$/],
    ["1704067200", /^looks like epoch seconds/],
    ["2024-13-01", /^names a day/],
    ["2024-01-01 00:00", /^must be epoch milliseconds or ISO 8601/],
    ["yesterday", /^must be epoch milliseconds or ISO 8601/],
  ]],
];

/** The reason why a value is refused, without name and value; empty when it is accepted. */
function reasonOf(read: () => unknown): string {
  try {
    read();
    return "";
  } catch (error) {
    return (error as Error).message.replace(/^.*?: (it )?/, "");
  }
}

Deno.test("symbols, intervals and times follow one rule in config, commands and queries", () => {
  const querySchema = z.object({
    symbol: symbolParam.optional(),
    interval: intervalParam.optional(),
    from: timeParam.optional(),
  });
  const flagsSchema = z.object({
    symbol: seriesSchema.shape.symbol,
    interval: seriesSchema.shape.interval,
    from: timeRule.optional(),
  });
  const options = Object.fromEntries(
    Object.keys(flagsSchema.shape).map((name) => [name, { type: "string" as const }]),
  );
  for (const [variable, name, texts] of RULE_CASES) {
    for (const [text, reason] of texts) {
      const config = reasonOf(() => parseConfig({ [variable]: text })).replace(/^\w+: /, "");
      const query = new URLSearchParams({ [name]: text });
      const words = [
        config,
        reasonOf(() => readFlags([`--${name}`, text], options, flagsSchema)),
        reasonOf(() => parseQuery(query, querySchema)),
      ];
      assert.match(config, reason, text);
      assert.deepEqual(words, [config, config, config], `${variable} ${text}`);
    }
  }
});

Deno.test("parseConfig() names every invalid variable at once and shows no value", () => {
  const env = {
    PORT: "80 80",
    INTERVALS: "1h,7m",
    DATABASE_URL: "mysql://secret@host",
    BINANCE_URLS: "ftp://x",
    HISTORY_SINCE: "1700000000",
    LOG_LEVEL: "loud",
    CRON_REPAIR: "every minute",
    MARKET_CAP_PROVIDER: "coinmarketcap",
  };
  assert.throws(() => parseConfig(env), (error: AppError) => {
    assert.equal(error.code, "invalid_input");
    for (const name of Object.keys(env).filter((name) => name !== "MARKET_CAP_PROVIDER")) {
      assert.ok(error.message.includes(`${name}:`), `${name} in ${error.message}`);
    }
    for (const value of ["80 80", "secret", "ftp", "1700000000", "loud", "every"]) {
      assert.ok(!error.message.includes(value), value);
    }
    return true;
  });
  assert.throws(() => parseConfig({ MARKET_CAP_PROVIDER: "coinmarketcap" }), /CMC_API_KEY/);
});

Deno.test("cronAtClose() fires at each close of the interval", () => {
  assert.equal(cronAtClose("1s"), "* * * * *");
  assert.equal(cronAtClose("15m"), "*/15 * * * *");
  assert.equal(cronAtClose("4h"), "0 */4 * * *");
  assert.equal(cronAtClose("1M"), "0 0 * * *");
});

Deno.test("parseConfig() selects the operator's database by a host, and by no other PG variable", () => {
  const shell = {
    PGSSLMODE: "require",
    PGDATABASE: "other",
    PGSERVICE: "unknown",
    HOME: "/home/a",
  };
  assert.deepEqual(parseConfig(shell).database, { kind: "embedded" });
  for (const host of [{ PGHOST: "db" }, { PGHOSTADDR: "10.0.0.1" }]) {
    assert.deepEqual(parseConfig({ ...shell, ...host, SECRET: "x" }).database, {
      kind: "server",
      url: undefined,
      environment: { ...shell, ...host },
    });
  }
});

Deno.test("parseConfig() accepts libpq URIs with several hosts and bounds the connections", () => {
  const url = "postgresql://u:p@h1:5432,h2:5433/db?target_session_attrs=read-write";
  assert.equal((parseConfig({ DATABASE_URL: url }).database as { url: string }).url, url);
  assert.equal(parseConfig({}).databasePool, 5);
  assert.throws(() => parseConfig({ DATABASE_POOL: "0" }), /DATABASE_POOL/);
});

Deno.test("the example's password is rejected at start in one sentence", () => {
  for (
    const [name, value] of [
      ["PGPASSWORD", "change-me"],
      ["DATABASE_URL", "postgresql://wick:change-me@db/wick"],
      ["DATABASE_URL", "postgresql://wick@db/wick?password=change-me"],
      ["DATABASE_READ_URL", "postgresql://wick_read:change-me@db/wick"],
    ] as const
  ) {
    assert.throws(
      () => parseConfig({ PGHOST: "db", [name]: value }),
      {
        message:
          `Cannot read the configuration: ${name}: has the example's password "change-me"; ` +
          "set one of your own",
      },
      `${name}=${value}`,
    );
  }
  parseConfig({ PGHOST: "db", PGPASSWORD: "change-me-not" });
});

Deno.test("origins must not contain an API path; the error says so", () => {
  const problem = (env: Record<string, string>) => {
    try {
      parseConfig(env);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (
    const url of [
      "testnet.binance.vision",
      "https://api.binance.com/api/v3",
      "https://api.binance.com/api/",
      "https://api.binance.com?x=1",
      "ftp://x",
    ]
  ) {
    const words = problem({ BINANCE_URLS: url });
    assert.match(words, /BINANCE_URLS: must be an origin such as https:\/\/api.binance.com/, url);
  }
  assert.match(
    problem({ COINGECKO_URL: "https://api.coingecko.com/api/v3" }),
    /COINGECKO_URL: must/,
  );
  assert.equal(problem({ BINANCE_URLS: "https://proxy.example/binance/" }), "");
});
