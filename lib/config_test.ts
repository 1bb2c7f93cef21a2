import assert from "node:assert/strict";
import { cronAtClose, parseConfig } from "./config.ts";
import { AppError } from "./core/errors.ts";

Deno.test("parseConfig() needs nothing, and then collects ten majors hourly into its own Postgres", () => {
  const config = parseConfig({});
  assert.equal(config.server.host, "127.0.0.1");
  assert.equal(config.server.port, 8000);
  assert.deepEqual(config.database, { kind: "embedded" });
  assert.equal(config.symbols.length, 10);
  assert.deepEqual(config.intervals, ["1h", "4h", "1d"]);
  assert.equal(config.binanceUrls[0], "https://data-api.binance.vision");
  assert.equal(config.crons.collect, "0 * * * *");
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.marketCaps.coingecko));
});

Deno.test("parseConfig() takes an empty variable for an unset one, and ignores strangers", () => {
  assert.deepEqual(parseConfig({ PORT: "", SYMBOLS: "", HOME: "/root" }), parseConfig({}));
});

Deno.test("parseConfig() reads lists, origins and times as the design writes them", () => {
  const config = parseConfig({
    SYMBOLS: "ETHUSDT, BTCUSDT,ETHUSDT",
    INTERVALS: "1M,1m",
    BINANCE_URLS: "http://127.0.0.1:9001/,https://api.binance.com",
    HISTORY_SINCE: "2024-01-01",
    DATABASE_URL: "postgres://u:p@h/db",
    BASE_PATH: "/wick/",
  });
  assert.deepEqual(config.symbols, ["ETHUSDT", "BTCUSDT"]);
  assert.deepEqual(config.intervals, ["1m", "1M"]);
  assert.deepEqual(config.binanceUrls, ["http://127.0.0.1:9001", "https://api.binance.com"]);
  assert.equal(config.historySince, Date.UTC(2024, 0, 1));
  assert.deepEqual(config.database, { kind: "server", url: "postgres://u:p@h/db" });
  assert.equal(config.server.basePath, "/wick");
  assert.equal(config.crons.collect, "* * * * *");
});

Deno.test("parseConfig() takes Binance's archive for Binance alone; others name their own", () => {
  const url = (env: Record<string, string>) => parseConfig(env).archiveUrl;
  assert.equal(url({}), "https://data.binance.vision");
  assert.equal(url({ BINANCE_URLS: "https://api.binance.com" }), "https://data.binance.vision");
  assert.equal(url({ BINANCE_URLS: "http://127.0.0.1:9001" }), undefined);
  assert.equal(url({ ARCHIVE_URL: "off" }), undefined);
  const own = { BINANCE_URLS: "http://127.0.0.1:9001", ARCHIVE_URL: "http://127.0.0.1:9001/" };
  assert.equal(url(own), "http://127.0.0.1:9001");
});

Deno.test("parseConfig() names every bad variable at once and shows no value", () => {
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
