import assert from "node:assert/strict";
import { z } from "zod";
import type { AppError } from "../../core/errors.ts";
import { integerParam, intervalParam, parseQuery, symbolParam, timeParam } from "./query.ts";

const schema = z.object({
  symbol: symbolParam,
  interval: intervalParam,
  from: timeParam.optional(),
  limit: integerParam(1, 5000).default(1000),
});

const parse = (query: string) => parseQuery(new URLSearchParams(query), schema);

function refusal(query: string): AppError {
  try {
    parse(query);
  } catch (error) {
    return error as AppError;
  }
  throw new Error(`accepted: ${query}`);
}

Deno.test("parseQuery() reads symbol, interval, time and count", () => {
  assert.deepEqual(parse("symbol=BTCUSDT&interval=4h&from=2024-01-01"), {
    symbol: "BTCUSDT",
    interval: "4h",
    from: Date.UTC(2024, 0, 1),
    limit: 1000,
  });
  assert.equal(parse("symbol=币安人生USDT&interval=1M&limit=5000").symbol, "币安人生USDT");
});

Deno.test("parseQuery() names the invalid parameter, its value and the allowed values", () => {
  const cases: [string, string, RegExp][] = [
    ["symbol=BTCUSDT&interval=7m", "interval", /"7m".*1m, 3m.*1M/],
    ["symbol=btcusdt&interval=1h", "symbol", /"btcusdt".*capitals/],
    ["symbol=BTCUSDT", "interval", /missing/],
    ["symbol=&interval=1h", "symbol", /empty/],
    ["symbol=A&symbol=B&interval=1h", "symbol", /more than once/],
    ["symbol=BTCUSDT&interval=1h&Limit=5", "Limit", /Unknown.*"Limit".*symbol, interval/],
    ["symbol=BTCUSDT&interval=1h&limit=0", "limit", /from 1 to 5000/],
    ["symbol=BTCUSDT&interval=1h&limit=1e3", "limit", /"1e3"/],
    ["symbol=BTCUSDT&interval=1h&limit=5001", "limit", /"5001"/],
    ["symbol=BTCUSDT&interval=1h&from=1704067200", "from", /epoch milliseconds/],
    ["symbol=BTCUSDT&interval=1h&from=-5", "from", /"-5"/],
  ];
  for (const [query, param, message] of cases) {
    const error = refusal(query);
    assert.equal(error.code, "invalid_input", query);
    assert.equal(error.param, param, query);
    assert.match(error.message, message, query);
  }
});

Deno.test("parseQuery() quotes only the beginning of a value", () => {
  const { message, param } = refusal(`${"x".repeat(500)}=1`);
  assert.ok(message.length < 200 && param!.length < 70);
});
