import assert from "node:assert/strict";
import { parseTime } from "../core/time.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { executeTask } from "../testing/command.ts";
import { createTestDatabase } from "../testing/database/postgres.ts";

const now = parseTime("2025-06-15T10:20:30Z");
const { db, url, close } = await createTestDatabase();
const simulator = await startSimulator({
  symbols: ["BTCUSDT", "ETHUSDT", "SRMUSDT", "ETHBTC"],
  now,
  since: parseTime("2022-01-01"),
  frozen: true,
});
simulator.plant({
  symbol: "OLDBTC",
  lives: [{ from: parseTime("2022-01-01"), to: parseTime("2022-03-01") }],
});
Deno.test.afterAll(async () => {
  await simulator.close();
  await close();
});

const env = { DATABASE_URL: url, BINANCE_URLS: simulator.url, ARCHIVE_URL: simulator.url };
const plan = (...args: string[]) => executeTask(env, ["plan", ...args]);
const planned = async (...args: string[]) => {
  const { code, out, err } = await plan(...args, "--json");
  assert.equal(err, "");
  return { code, ...JSON.parse(out) };
};

Deno.test("plan names the symbols of each item, and asks for nothing but the list of symbols", async () => {
  simulator.requests.clear();
  const found = await planned(
    "--symbol",
    "quote:USDT,*BTC,-ETHBTC,status:any",
    "--interval",
    "1h,1d",
  );
  assert.equal(found.code, 0);
  assert.deepEqual(found.choices, [
    { item: "quote:USDT", symbols: ["BTCUSDT", "ETHUSDT", "SRMUSDT"] },
    { item: "*BTC", symbols: ["OLDBTC"] },
  ]);
  assert.deepEqual([found.symbols.length, found.series], [4, 8]);
  assert.deepEqual(simulator.requests.list({}).map(({ path }) => path), ["/api/v3/exchangeInfo"]);
  const stored = await db.query("select from symbols");
  assert.equal(stored.length, 0, "nothing is stored");
});

Deno.test("plan counts the candles since the listing, less those that are stored", async () => {
  const before = await planned("--symbol", "BTCUSDT", "--interval", "1h");
  assert.equal(before.series_without_listing_date, 1);
  const { code, err } = await executeTask(env, [
    "collect",
    "--symbol",
    "BTCUSDT",
    "--interval",
    "1h",
    "--from",
    "2025-06-01",
  ]);
  assert.equal(code, 0, err);
  const total = simulator.candles("BTCUSDT", "1h").length;
  const stored = simulator.candles("BTCUSDT", "1h", { from: parseTime("2025-06-01") }).length;
  await db.query("update series set listed_at = '2022-01-01'");
  const until = ["--to", "2025-06-15T10:00"];
  const after = await planned("--symbol", "BTCUSDT", "--interval", "1h", ...until);
  assert.deepEqual([after.stored_rows, after.series_without_listing_date], [stored, 0]);
  assert.ok(Math.abs(after.rows - (total - stored)) < 100, `${after.rows}`);
  assert.equal(after.rest.requests, Math.ceil(after.rows / 1000));
  assert.equal(after.rest.weight, 2 * after.rest.requests);
  assert.equal(after.rest.hours, after.rest.weight / 4_500 / 60);
  assert.equal(after.disk.bytes, after.rows * 190);
  const range = ["--from", "2025-01-01", "--to", "2025-02-01"];
  assert.equal((await planned("--symbol", "BTCUSDT", "--interval", "1h", ...range)).rows, 31 * 24);
});

Deno.test("plan compares REST with the archive for short intervals", async () => {
  const { rest, archive } = await planned(
    "--symbol",
    "ETHUSDT",
    "--interval",
    "1m",
    "--from",
    "2024-01-01",
    "--to",
    "2025-01-01",
  );
  assert.equal(rest.requests, Math.ceil(366 * 1440 / 1000));
  assert.deepEqual([archive.files, archive.requests], [12, 0]);
  assert.equal(archive.bytes, 366 * 1440 * 60);
});

Deno.test("plan names symbols that the exchange does not list, leaves them out, and exits with 1", async () => {
  const some = ["--symbol", "BTCUSDT,NOPEUSDT,OLDBTC", "--interval", "1d"];
  const { code, out, err } = await plan(...some);
  assert.equal(code, 1);
  assert.equal(err, "Cannot find symbol on Binance: NOPEUSDT; check --symbol or SYMBOLS\n");
  assert.match(out, /^Symbols: 2\n {2}by name +2 {2}BTCUSDT, OLDBTC\nSeries: 2 \(1d\)\n/);
  const json = await plan(...some, "--json");
  assert.deepEqual(JSON.parse(json.out).unknown, ["NOPEUSDT"]);
  const none = await plan("--symbol", "NOPEUSDT,NADAUSDT");
  assert.deepEqual([none.code, none.out], [1, ""]);
  assert.match(none.err, /^Cannot find symbols on Binance: NOPEUSDT, NADAUSDT; check/);
  const configured = await executeTask({ ...env, SYMBOLS: "BTCUSDT,NOPEUSDT" }, ["plan"]);
  assert.deepEqual([configured.code, configured.err], [1, err]);
  const dry = await executeTask(env, ["collect", ...some, "--plan"]);
  assert.deepEqual([dry.code, dry.err], [1, err]);
  assert.match(dry.out, /^Plan: 2,000 candles/);
});

Deno.test("plan prints why a selection does not fit on the disk, and exits with 1", async () => {
  const disk = { read: () => Promise.resolve({ folder: "/data", freeBytes: 50e6 }) };
  const args = ["plan", "--symbol", "BTCUSDT,ETHUSDT", "--interval", "1m"];
  const { code, out } = await executeTask(env, args, { disk });
  assert.equal(code, 1);
  assert.match(out, /^Symbols: 2\n {2}by name +2 {2}BTCUSDT, ETHUSDT\n/);
  assert.match(out, /\nBy REST: [\d,]+ requests, weight [\d,]+ at 4,500 of 6,000 a minute: about/);
  assert.match(out, /\nBy archive: [\d,]+ files, [\d.]+ (MB|GB), and [\d,]+ requests/);
  assert.match(out, /50 MB free in \/data: it does not fit: free some space, or select less\n/);
});

Deno.test("plan works without a database, and without the exchange", async () => {
  const alone = { ...env, DATABASE_URL: "postgresql://wick@127.0.0.1:1/wick" };
  const first = await executeTask(alone, ["plan", "--symbol", "quote:USDT", "--interval", "1d"]);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /Series: 2 \(1d\)/);
  assert.match(first.out, /Assuming that nothing is stored/);

  const offline = { ...env, BINANCE_URLS: "http://127.0.0.1:1", ARCHIVE_URL: "off" };
  const second = await executeTask(offline, ["plan", "--symbol", "BTCUSDT", "--interval", "1h"]);
  assert.equal(second.code, 0, second.err);
  assert.match(second.out, /By archive: off/);
  assert.match(second.out, /Note: .*\. Using stored symbols; names are not checked\n/);
  const third = await executeTask(offline, ["plan", "--symbol", "*EUR", "--interval", "1h"]);
  assert.equal(third.code, 1);
  assert.match(
    third.err,
    /^Cannot plan: no symbol is selected\. .*Using stored symbols; names are not checked\n$/,
  );
});

Deno.test("plan shows renames, and rejects invalid usage", async () => {
  simulator.plant({
    symbol: "MATICUSDT",
    lives: [{ from: parseTime("2022-01-01"), to: parseTime("2024-09-10T03:00") }],
  });
  await db.query(`insert into symbols (symbol, base_asset, quote_asset, status) values
    ('MATICUSDT', 'MATIC', 'USDT', 'BREAK'), ('POLUSDT', 'POL', 'USDT', 'TRADING')`);
  await db.query(`insert into symbol_lives (symbol_id, listed_at, delisted_at, source)
    select symbol_id, case symbol when 'POLUSDT' then timestamptz '2024-09-13' else '2022-01-01' end,
      case symbol when 'MATICUSDT' then timestamptz '2024-09-10T03:00Z' end, 'exchange'
    from symbols where symbol in ('MATICUSDT', 'POLUSDT')`);
  const { out } = await plan("--symbol", "MATICUSDT", "--interval", "1d");
  assert.match(out, /Renamed: MATICUSDT to POLUSDT \(Polygon swapped its token, 2024\); both stay/);
  const found = await planned("--symbol", "MATICUSDT", "--interval", "1d");
  assert.equal(found.rows, 984);
  for (
    const args of [["--symbol", "btc"], ["--interval", "7m"], [
      "--from",
      "2025-02-01",
      "--to",
      "2025-01-01",
    ], ["--fast"]]
  ) {
    assert.equal((await plan(...args)).code, 2, args.join(" "));
  }
});
