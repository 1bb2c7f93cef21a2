import assert from "node:assert/strict";
import { providerParts } from "../testing/coin_list.ts";
import { coinsOf } from "./coins.ts";
import { type FaultKind } from "../../packages/simulator/faults/fault_kinds.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { silent } from "../testing/database/postgres.ts";
import { createCoinGecko } from "./coingecko.ts";
import { createCoinMarketCap } from "./coinmarketcap.ts";

const signal = new AbortController().signal;
const coins = coinsOf(["BTCUSDT", "ETHUSDT", "DOGEUSDT"]);
const now = () => 1_700_000_000_000;

async function providers() {
  const simulator = await startSimulator();
  return {
    simulator,
    all: [
      createCoinGecko({
        url: simulator.url,
        key: undefined,
        fetch,
        now,
        log: silent,
        ...providerParts(),
      }),
      createCoinMarketCap({
        url: simulator.url,
        key: "k",
        fetch,
        now,
        log: silent,
        ...providerParts(),
      }),
    ],
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

Deno.test("fetch() of either provider returns price, supply and cap of each coin by its ID", async () => {
  await using here = await providers();
  for (const provider of here.all) {
    const caps = await provider.fetch(coins, signal);
    assert.deepEqual(caps.map((cap) => cap.coin), ["bitcoin", "ethereum", "dogecoin"]);
    for (const cap of caps) {
      assert.equal(cap.source, provider.name);
      assert.equal(cap.takenAt, now());
      const product = Number(cap.price) * Number(cap.circulatingSupply);
      assert.ok(Math.abs(product / Number(cap.marketCap) - 1) < 0.01, cap.coin);
    }
  }
});

Deno.test("fetch() leaves out a coin without a market cap", async () => {
  await using here = await providers();
  here.simulator.faults.add({ kind: "null-market-cap" });
  for (const provider of here.all) {
    assert.ok((await provider.fetch(coins, signal)).length < coins.length, provider.name);
  }
});

Deno.test("fetch() distinguishes a rate limit, an outage and an invalid response", async () => {
  await using here = await providers();
  const cases: [FaultKind, string][] = [
    ["429", "rate_limited"],
    ["502", "exchange_unavailable"],
    ["reset", "exchange_unavailable"],
    ["malformed-json", "bad_payload"],
    ["null-body", "bad_payload"],
  ];
  for (const provider of here.all) {
    for (const [kind, code] of cases) {
      const id = here.simulator.faults.add({ kind });
      await assert.rejects(
        () => provider.fetch(coins, signal),
        { code },
        `${provider.name} ${kind}`,
      );
      here.simulator.faults.remove(id);
    }
  }
});

Deno.test("fetch() of CoinMarketCap with an invalid key quotes the provider's message", async () => {
  await using here = await providers();
  const provider = createCoinMarketCap({
    ...providerParts(),
    url: here.simulator.url,
    key: undefined,
    fetch,
    now,
    log: silent,
  });
  await assert.rejects(() => provider.fetch(coins, signal), { code: "exchange_unavailable" });
});

Deno.test("fetch() skips and reports implausible figures", async () => {
  const impossible = [
    ["circulating_supply", -19e6],
    ["market_cap", 1e300],
    ["market_cap", -1],
    ["market_cap", 5],
    ["circulating_supply", 1e30],
  ] as const;
  for (const [field, value] of impossible) {
    await using here = await providers();
    here.simulator.faults.add({ kind: "field", field, value, path: "" });
    const lines: string[] = [];
    const log = { ...silent, warn: (line: string) => lines.push(line) };
    const url = here.simulator.url;
    for (
      const provider of [
        createCoinGecko({ url, key: undefined, fetch, now, log, ...providerParts() }),
        createCoinMarketCap({ url, key: "k", fetch, now, log, ...providerParts() }),
      ]
    ) {
      assert.deepEqual(await provider.fetch(coins, signal), [], `${provider.name} ${field}`);
      assert.match(lines.at(-1)!, /^Skipped the market cap of DOGE from /);
    }
  }
});
