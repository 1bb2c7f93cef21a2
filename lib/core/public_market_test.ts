import assert from "node:assert/strict";
import { marketOf } from "./public_market.ts";

Deno.test("marketOf() names the public market for its hosts only, however they are spelled", () => {
  for (
    const origin of [
      "https://data-api.binance.vision",
      "https://api.binance.com/",
      "https://API1.Binance.COM:443",
      "https://api-gcp.binance.com",
    ]
  ) assert.equal(marketOf([origin]), "public", origin);
  for (
    const [origin, market] of [
      ["https://testnet.binance.vision", "testnet.binance.vision"],
      ["https://demo-api.binance.com", "demo-api.binance.com"],
      ["https://api.binance.us", "api.binance.us"],
      ["https://fapi.binance.com", "fapi.binance.com"],
      ["https://data.binance.vision", "data.binance.vision"],
      ["http://api.binance.com", "api.binance.com"],
      ["https://api.binance.com:8443", "api.binance.com"],
      ["https://api.binance.com.example.org", "api.binance.com.example.org"],
      ["http://127.0.0.1:9000", "local"],
      ["http://localhost", "local"],
      ["http://[::1]:9000", "local"],
    ] as const
  ) assert.equal(marketOf([origin]), market, origin);
});

Deno.test("marketOf() of a list is the public market only when every host serves it", () => {
  assert.equal(marketOf(["https://api.binance.com", "https://api4.binance.com"]), "public");
  assert.equal(
    marketOf(["https://api.binance.com", "https://testnet.binance.vision"]),
    "public+testnet.binance.vision",
  );
  assert.equal(marketOf(["http://127.0.0.1:1", "http://127.0.0.1:2"]), "local");
});
