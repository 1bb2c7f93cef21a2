import assert from "node:assert/strict";
import { testExchange } from "../testing/collector.ts";
import { silent } from "../testing/database/postgres.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { readExchangeInfo } from "./exchange_info.ts";
import { createOddities } from "./oddities.ts";

const signal = new AbortController().signal;

function recorder() {
  const lines: string[] = [];
  return { lines, log: { ...silent, warn: (message: string) => lines.push(message) } };
}

Deno.test("listSymbols() skips malformed elements anywhere, reports them once, and keeps the rest", async () => {
  await using simulator = await startSimulator({ weightLimit: 1234 });
  const { lines, log } = recorder();
  const exchange = testExchange([simulator.url], { log });
  const whole = await exchange.open().listSymbols(signal);
  simulator.faults.add({ kind: "malformed-elements", path: "exchangeInfo" });
  for (let time = 0; time < 2; time++) {
    const list = await exchange.open().listSymbols(signal);
    assert.deepEqual(list.symbols.map(({ symbol }) => symbol), whole.symbols.map((s) => s.symbol));
    const [btc] = list.symbols;
    assert.equal(btc?.tickSize, whole.symbols[0]!.tickSize);
    assert.equal(btc?.filters?.length, whole.symbols[0]!.filters!.length);
    assert.ok(list.unreadable.includes("ODDUSDT"));
    assert.equal(list.isWhole, false);
  }
  assert.equal(exchange.budget.used().limit, 1234);
  assert.equal(new Set(lines).size, lines.length, "once each");
  assert.ok(lines.some((line) => /^Skipped \d+ of \d+ symbols of exchangeInfo: /.test(line)));
  assert.ok(lines.some((line) => /rateLimits of exchangeInfo/.test(line)));
  assert.ok(lines.includes("Skipped an unknown rate limit of exchangeInfo: MOONS"));
  assert.ok(lines.some((line) => /filters of BTCUSDT/.test(line)));
});

Deno.test("readExchangeInfo() without a list of symbols, or with an empty one, is an error", () => {
  const oddities = createOddities(silent);
  for (const json of [null, [], {}, { symbols: null }, { symbols: {} }, { symbols: [] }]) {
    assert.throws(() => readExchangeInfo(json, oddities), { code: "bad_payload" });
  }
});

Deno.test("readExchangeInfo() accepts a list without usable limits or filters", () => {
  const btc = { symbol: "BTCUSDT", baseAsset: "BTC", quoteAsset: "USDT", status: "TRADING" };
  for (const rateLimits of [undefined, null, "none", {}, [null], [{ limit: "many" }]]) {
    for (const filters of [undefined, null, 3, [], [null]]) {
      const info = readExchangeInfo(
        { rateLimits, symbols: [{ ...btc, filters }] },
        createOddities(silent),
      );
      assert.deepEqual([info.symbols[0]?.symbol, info.minuteLimit], ["BTCUSDT", undefined]);
    }
  }
});

Deno.test("readExchangeInfo() ignores implausibly low or high rate limits", () => {
  for (const limit of [0, 10, 1e12, -5, 1.5, "6000", null]) {
    for (const intervalNum of [1, 0, 1e9]) {
      const one = { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum, limit };
      const symbols = [{ symbol: "A", baseAsset: "A", quoteAsset: "B", status: "TRADING" }];
      const info = readExchangeInfo({ rateLimits: [one], symbols }, createOddities(silent));
      assert.equal(info.minuteLimit, undefined, `${limit} ${intervalNum}`);
      assert.equal(info.symbols.length, 1);
    }
  }
});
