import assert from "node:assert/strict";
import { NOW, withSimulator } from "../testing/client.ts";

const GECKO = "/api/v3/coins/markets";
const CMC = "/v1/cryptocurrency/listings/latest";

const TEN =
  "bitcoin,ethereum,binancecoin,solana,ripple,cardano,dogecoin,tron,avalanche-2,chainlink";

// deno-lint-ignore no-explicit-any
type Coin = any;

Deno.test("CoinGecko: the ten coins with the exchange's prices, largest first", async () => {
  await withSimulator({}, async ({ get }) => {
    const coins: Coin[] = (await get(`${GECKO}?vs_currency=usd&ids=${TEN}&per_page=250`)).json;
    assert.deepEqual(coins.map(({ id }) => id).sort(), TEN.split(",").sort());
    const caps = coins.map((coin) => coin.market_cap);
    assert.deepEqual(caps, caps.toSorted((a, b) => b - a));
    for (const coin of coins) {
      const symbol = `${coin.symbol.toUpperCase()}USDT`;
      const { price } = (await get(`/api/v3/ticker/price?symbol=${symbol}`)).json;
      assert.equal(coin.current_price, Number(price));
      assert.equal(coin.market_cap, Math.round(coin.current_price * coin.circulating_supply));
      assert.ok(Math.abs(Date.parse(coin.last_updated) - NOW) < 60_000);
    }
  });
});

Deno.test("CoinGecko: coins by ticker; vs_currency is required", async () => {
  await withSimulator({}, async ({ get }) => {
    const ids = async (query: string) =>
      (await get(`${GECKO}?vs_currency=usd&${query}`)).json.map(({ id }: Coin) => id);
    const all: string[] = await ids("");
    assert.deepEqual(await ids("per_page=4"), all.slice(0, 4));
    assert.deepEqual(await ids("symbols=btc"), ["bitcoin"]);
    assert.equal((await ids("symbols=pol")).length, 3, "a shared ticker");
    assert.equal((await get(GECKO)).status, 422);
    const { headers } = await get(`${GECKO}?vs_currency=usd`);
    assert.equal(headers.get("x-mbx-used-weight"), null);
    assert.equal(headers.get("x-wick-simulator"), "seed 42");
  });
});

Deno.test("CoinGecko: a new coin has neither supply nor market cap nor rank", async () => {
  await withSimulator({ now: Date.UTC(2026, 10, 1) }, async ({ get }) => {
    const [nova] = (await get(`${GECKO}?vs_currency=usd&ids=nova-simulated`)).json;
    assert.equal(nova.market_cap, null);
    assert.equal(nova.market_cap_rank, null);
    assert.equal(nova.circulating_supply, null);
    assert.ok(nova.current_price > 0);
  });
});

Deno.test("CoinMarketCap: status and data, prices and caps equal CoinGecko's; a key is required", async () => {
  await withSimulator({}, async ({ get }) => {
    const refused = await get(CMC);
    assert.equal(refused.status, 401);
    assert.equal(refused.json.status.error_code, 1001);
    const key = { headers: { "X-CMC_PRO_API_KEY": "any" } };
    const body = (await get(`${CMC}?limit=5`, key)).json;
    assert.equal(body.status.error_code, 0);
    assert.equal(body.data.length, 5);
    assert.equal(body.data[0].cmc_rank, 1);
    const gecko: Coin[] = (await get(`${GECKO}?vs_currency=usd`)).json;
    for (const coin of body.data as Coin[]) {
      const same = gecko.find(({ symbol }) => symbol === coin.symbol.toLowerCase());
      assert.equal(coin.quote.USD.price, same.current_price);
      assert.equal(coin.quote.USD.market_cap, same.market_cap);
    }
    const map = (symbol: string) => get(`/v1/cryptocurrency/map?symbol=${symbol}`, key);
    assert.equal((await map("POL")).json.data.length, 3);
    assert.equal((await map("POL,NONE")).status, 400);
    const quotes = (await get("/v2/cryptocurrency/quotes/latest?id=1567", key)).json.data;
    assert.equal(quotes["1567"].symbol, "XNO");
  });
});

Deno.test("market caps: each provider's own 429, and null caps", async () => {
  await withSimulator({}, async ({ get, simulator }) => {
    const key = { headers: { "X-CMC_PRO_API_KEY": "any" } };
    simulator.faults.add({ kind: "429", count: 2 });
    assert.equal((await get(`${GECKO}?vs_currency=usd`)).json.status.error_code, 429);
    assert.equal((await get(CMC, key)).json.status.error_code, 1008);
    simulator.faults.add({ kind: "null-market-cap", count: 2 });
    const gecko: Coin[] = (await get(`${GECKO}?vs_currency=usd`)).json;
    assert.ok(gecko.every((coin) => coin.market_cap === null && coin.current_price > 0));
    const cmc: Coin[] = (await get(CMC, key)).json.data;
    assert.ok(cmc.every((coin) => coin.quote.USD.market_cap === null));
    assert.ok((await get(`${GECKO}?vs_currency=usd`)).json[0].market_cap > 0);
  });
});
