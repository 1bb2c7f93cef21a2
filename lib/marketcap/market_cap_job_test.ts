import assert from "node:assert/strict";
import { providerParts } from "../testing/coin_list.ts";
import { DAY_MS, HOUR_MS, parseTime } from "../core/time.ts";
import { createCoinGecko } from "./coingecko.ts";
import { createCoinMarketCap } from "./coinmarketcap.ts";
import type { Logger } from "../ports/host.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { createCoinStore } from "../store/postgres/market_caps/coins_postgres.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createMarketCapStore } from "../store/postgres/market_caps/market_caps_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { klineAt, marketSymbol } from "../testing/klines.ts";
import { parseDecimal } from "../core/decimal.ts";
import { createTestDatabase, silent, testCluster } from "../testing/database/postgres.ts";
import { lookupNames } from "./assets.ts";
import { coinsOf, createCoinDirectory } from "./coins.ts";
import { createMarketCapJob } from "./market_cap_job.ts";

await testCluster();
const signal = new AbortController().signal;
const PROVIDERS = ["coingecko", "coinmarketcap"] as const;

/** A provider, an empty store, and the job for `symbols`. */
async function world(symbols: readonly string[], provider: typeof PROVIDERS[number] = "coingecko") {
  const simulator = await startSimulator({ now: parseTime("2026-11-20"), frozen: true });
  const { db, close } = await createTestDatabase();
  const time = { now: parseTime("2026-11-20") };
  const warnings: string[] = [];
  const log: Logger = { ...silent, warn: (message) => void warnings.push(message) };
  const options = {
    url: simulator.url,
    key: "k",
    fetch,
    now: () => time.now,
    log,
    ...providerParts(),
  };
  const coins = createCoinStore(db);
  const store = createMarketCapStore(db);
  const directory = createCoinDirectory(coins, () => Promise.resolve(symbols));
  const source = provider === "coingecko" ? createCoinGecko(options) : createCoinMarketCap(options);
  const deps = { source, store, coins, directory, log, now: () => time.now };
  return {
    simulator,
    deps,
    db,
    time,
    warnings,
    store,
    source,
    directory,
    run: createMarketCapJob(deps),
    newest: async () => await store.newest((await directory.list()).coins),
    asked: () =>
      simulator.requests.list({}).map(({ path, query }) => `${path}?${query}`)
        .filter((request) => !/exchange_rates|price-conversion/.test(request)),
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await close();
    },
  };
}

Deno.test("market caps of the default coins take one request per snapshot", async () => {
  for (const provider of PROVIDERS) {
    await using here = await world(["BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT"], provider);
    await here.run(signal);
    await here.run(signal);
    assert.equal(here.asked().length, 2, provider);
    assert.equal((await here.newest()).length, 4);
  }
});

Deno.test("malformed elements of a provider's list affect only themselves", async () => {
  for (const provider of PROVIDERS) {
    await using here = await world(["BTCUSDT", "ETHUSDT", "BNBUSDT", "POLUSDT"], provider);
    here.simulator.faults.add({ kind: "malformed-elements" });
    await here.run(signal);
    const caps = await here.newest();
    assert.deepEqual(
      caps.map(({ symbol }) => symbol).sort(),
      ["BNB", "BTC", "ETH", "POL"],
      provider,
    );
    assert.ok(caps.every(({ marketCap }) => Number(marketCap) > 0), provider);
    assert.ok(here.warnings.some((line) => /Skipped/.test(line)), here.warnings.join("\n"));
  }
});

Deno.test("market caps of BTCUSDC, ETHUSDC, BTCEUR and POLUSDT: three coins, POL being the largest with its ticker", async () => {
  for (const provider of PROVIDERS) {
    await using here = await world(["BTCUSDC", "ETHUSDC", "BTCEUR", "POLUSDT"], provider);
    await here.run(signal);
    assert.deepEqual((await here.newest()).map(({ coin, symbol }) => [coin, symbol]), [
      ["bitcoin", "BTC"],
      ["ethereum", "ETH"],
      ["polygon-ecosystem-token", "POL"],
    ], provider);
    const { coins, unresolved } = await here.directory.list();
    const pol = coins.find(({ ticker }) => ticker === "POL")!;
    assert.deepEqual([pol.name, pol.candidates, unresolved], ["POL (ex-MATIC)", 3, []]);
    const before = here.asked().length;
    await here.run(signal);
    assert.equal(here.asked().length, before + 1, "nothing is looked up again");
    assert.deepEqual(here.warnings, []);
  }
});

Deno.test("a ticker that several coins share is looked up again after a month: ranks change", async () => {
  await using here = await world(["POLUSDT"]);
  await here.run(signal);
  const id = async () => (await here.directory.list()).coins.map((coin) => coin.id);
  await here.db.query("update coins set coin = 'proof-of-liquidity'");
  here.time.now += 29 * DAY_MS;
  await here.run(signal);
  assert.deepEqual(await id(), ["proof-of-liquidity"]);
  here.time.now += 2 * DAY_MS;
  await here.run(signal);
  assert.deepEqual(await id(), ["polygon-ecosystem-token"]);
  assert.deepEqual((await here.newest()).map(({ coin }) => coin), ["polygon-ecosystem-token"]);
});

Deno.test("renamed coins and tickers of many units are found, and assets without a coin are reported once", async () => {
  for (const provider of PROVIDERS) {
    const symbols = [
      "MATICUSDT",
      "NANOUSDT",
      "1000SATSUSDT",
      "1MBABYDOGEUSDT",
      "EURUSDT",
      "NOPEUSDT",
    ];
    await using here = await world([...symbols, "BTCUPUSDT"], provider);
    await here.run(signal);
    await here.run(signal);
    const { coins } = await here.directory.list();
    assert.deepEqual(coins.map(({ id, multiplier }) => [id, multiplier]), [
      ["polygon-ecosystem-token", 1],
      ["nano", 1],
      ["sats-ordinals", 1000],
      ["baby-doge-coin", 1_000_000],
    ], provider);
    assert.equal((await here.newest()).length, 4);
    const lists = provider === "coingecko" ? "CoinGecko" : "CoinMarketCap";
    assert.deepEqual(here.warnings, [
      `No market cap for EUR (a currency, not a coin), NOPE (${lists} lists no such coin), ` +
      "BTCUP (a leveraged token)",
    ]);
  }
});

Deno.test("a coin that was not found is looked up again after a day; without any coins nothing fails", async () => {
  await using here = await world(["NOPEUSDT", "EURUSDT"]);
  await here.run(signal);
  here.time.now += HOUR_MS;
  await here.run(signal);
  assert.equal(here.asked().length, 1);
  here.time.now += DAY_MS;
  await here.run(signal);
  assert.equal(here.asked().length, 2);
});

Deno.test("while the provider is down, unknown coins stay unknown, known ones are derived, none is removed", async () => {
  await using here = await world(["BTCEUR", "POLUSDT"]);
  await here.run(signal);
  const klines = createKlineStore(here.db);
  await klines.saveSymbols([
    { ...marketSymbol("BTCEUR"), baseAsset: "BTC", quoteAsset: "EUR" },
    { ...marketSymbol("EURUSDT"), baseAsset: "EUR", quoteAsset: "USDT" },
  ]);
  const run = await createRunLedger(here.db).start("test", "rest");
  const open = parseTime("2026-11-19T22:00Z");
  const write = (symbol: string, close: string) =>
    klines.write({ symbol, interval: "1h" }, [
      klineAt(open, "1h", { closePrice: parseDecimal(close) }),
    ], run);
  await write("BTCEUR", "80000.00");
  await write("EURUSDT", "1.2500");
  here.simulator.faults.add({ kind: "502" });
  here.time.now += HOUR_MS;
  await here.run(signal);
  const [bitcoin, pol] = await here.newest();
  assert.deepEqual([bitcoin!.source, Number(bitcoin!.price)], ["derived", 100_000]);
  assert.equal(pol!.source, "coingecko");
  await using other = await world(["NEWUSDT"]);
  other.simulator.faults.add({ kind: "429" });
  await assert.rejects(() => other.run(signal), { code: "rate_limited" });
  assert.match(other.warnings[0]!, /^Cannot look up coins: Cannot get market caps from coingecko/);
  assert.equal((await other.directory.list()).unresolved[0]!.reason, "not looked up yet");
});

Deno.test("one malformed row of a provider's list affects only itself", async () => {
  for (const provider of PROVIDERS) {
    await using here = await world([]);
    const warnings: string[] = [];
    const spoiled: typeof fetch = async (...request) => {
      const body = await (await fetch(...request)).json();
      const rows = provider === "coingecko" ? body : body.data;
      Object.assign(rows.find(({ name }: { name: string }) => name === "Ethereum"), {
        id: null,
        circulating_supply: "many",
      });
      return Response.json(body);
    };
    const options = {
      url: here.simulator.url,
      key: "k",
      fetch: spoiled,
      now: Date.now,
      log: { ...silent, warn: (message: string) => void warnings.push(message) },
      ...providerParts(),
    };
    const source = provider === "coingecko"
      ? createCoinGecko(options)
      : createCoinMarketCap(options);
    const caps = await source.fetch(coinsOf(["BTCUSDT", "ETHUSDT", "SOLUSDT"]), signal);
    assert.deepEqual(caps.map(({ symbol }) => symbol), ["BTC", "SOL"]);
    assert.match(warnings.join(), /^Skipped 1 of \d+ coins from /);
  }
});

Deno.test("exchange rates are requested hourly, and a failure costs nothing else", async () => {
  await using here = await world(["BTCUSDT", "BTCEUR"]);
  const rateRequests = () =>
    here.simulator.requests.list({}).filter(({ path }) => path.endsWith("exchange_rates")).length;
  here.simulator.faults.add({ kind: "503", path: "exchange_rates", count: 1 });
  await here.run(signal);
  assert.deepEqual([await here.store.rates(), (await here.newest()).length], [[], 1]);
  await here.run(signal);
  await here.run(signal);
  assert.equal(rateRequests(), 2);
  const rates = new Map((await here.store.rates()).map(({ asset, usd }) => [asset, usd]));
  assert.ok(Math.abs(rates.get("EUR")! - 1 / 0.86) < 1e-9, String(rates.get("EUR")));
  assert.deepEqual([rates.has("USD"), rates.has("BTC")], [false, false]);
  here.time.now += HOUR_MS;
  await here.run(signal);
  assert.equal(rateRequests(), 3);
  here.time.now -= 365 * DAY_MS; // the clock was wrong
  await here.run(signal);
  assert.equal(rateRequests(), 4);
});

Deno.test("a coin that was redenominated to fewer units is stored with its fraction", async () => {
  await using here = await world([]);
  const coins = createCoinStore(here.db);
  const [multiplier] = lookupNames("ERD").map((one) => one.multiplier);
  await coins.save([{
    ticker: "ERD",
    id: "elrond-erd-2",
    name: "MultiversX",
    coinMarketCapId: undefined,
    rank: 90,
    candidates: 1,
    multiplier: multiplier!,
    provider: "coingecko",
    checkedAt: here.time.now,
  }]);
  const { known } = await coins.facts();
  assert.deepEqual(known.map((one) => one.multiplier), [0.001]);
});

Deno.test("a currency that the provider does not know costs no other its exchange rate", async () => {
  await using here = await world(["BTCXYZ"], "coinmarketcap");
  const rates = await here.source.rates(["XYZ", "EUR"], signal);
  assert.deepEqual(rates.map(({ asset }) => asset), ["EUR"]);
});

Deno.test("a currency that the provider does not know is requested hourly, too", async () => {
  await using here = await world(["BTCZAR", "BTCUSDT"]);
  const fails = { ...here.source, rates: () => Promise.resolve((count++, [])) };
  let count = 0;
  const run = createMarketCapJob({ ...here.deps, source: fails });
  await run(signal);
  await run(signal);
  assert.equal(count, 1);
  here.time.now += HOUR_MS;
  await run(signal);
  assert.equal(count, 2);
});
