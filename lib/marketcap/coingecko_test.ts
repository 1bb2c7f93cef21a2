import assert from "node:assert/strict";
import { DAY_MS, parseTime, SECOND_MS } from "../core/time.ts";
import {
  createCoinListStore,
  createProviderWaits,
} from "../store/postgres/market_caps/coin_list_postgres.ts";
import { manualClock } from "../testing/clock.ts";
import { createTestDatabase, silent } from "../testing/database/postgres.ts";
import { createCoinGecko } from "./coingecko.ts";
import { coinsOf } from "./coins.ts";
import { createProviderGate } from "./provider_gate.ts";

const signal = new AbortController().signal;
const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

interface Asked {
  readonly path: string;
  readonly ids: readonly string[];
  readonly etag: string | null;
}

/** A provider whose answers are given, and its requests. */
function world(answer: (asked: Asked) => Response) {
  const time = { now: parseTime("2026-11-20") };
  const asked: Asked[] = [];
  const warnings: string[] = [];
  const clock = { now: () => time.now, sleep: manualClock(0).sleep };
  const fake: typeof fetch = (input, init) => {
    const url = new URL(String(input));
    const etag = new Headers(init?.headers).get("if-none-match");
    const ids = url.searchParams.get("ids")?.split(",") ?? [];
    asked.push({ path: url.pathname.replace("/api/v3/", ""), ids, etag });
    return Promise.resolve(answer(asked.at(-1)!));
  };
  const open = () =>
    createCoinGecko({
      url: "http://coingecko.test",
      key: undefined,
      fetch: fake,
      now: () => time.now,
      log: { ...silent, warn: (message) => void warnings.push(message) },
      list: createCoinListStore(db),
      gate: createProviderGate({
        name: "coingecko",
        gapMs: 0,
        clock,
        waits: createProviderWaits(db),
      }),
    });
  return { time, asked, warnings, open, paths: () => asked.splice(0).map(({ path }) => path) };
}

const COUNT = 17_000;
/** 3000 tickers, each of five or six coins. */
const all = Array.from({ length: COUNT }, (_, i) => ({
  id: `coin-${i}`,
  symbol: `t${i % 3000}`,
  name: `Coin ${i}`,
}));
const row = (id: string, change: Record<string, unknown> = {}) => ({
  id,
  current_price: 2,
  market_cap: 200,
  circulating_supply: 100,
  market_cap_rank: 20_000 - Number(id.split("-").at(-1)),
  ...change,
});

Deno.test("a list of 17,000 coins is stored, confirmed by its ETag, and replaced only by a whole one", async () => {
  let list = () => Response.json([...all, all[0], { id: 5 }], { headers: { etag: "v1" } });
  const here = world(({ path, ids, etag }) => {
    if (path !== "coins/list") return Response.json(ids.map((id) => row(id)));
    return etag === "v1" ? new Response(null, { status: 304 }) : list();
  });
  const lookUp = async (...tickers: string[]) => await here.open().lookUp(tickers, signal);
  const found = await lookUp("T7");
  assert.deepEqual(found.map(({ id }) => id).sort(), [
    "coin-12007",
    "coin-15007",
    "coin-3007",
    "coin-6007",
    "coin-7",
    "coin-9007",
  ]);
  assert.equal(found.find(({ id }) => id === "coin-15007")!.rank, 4993);
  assert.deepEqual(here.paths(), ["coins/list", "coins/markets"]);

  await lookUp("T7", "NONE");
  assert.deepEqual(here.paths(), ["coins/markets"], "at most daily");
  here.time.now += 2 * DAY_MS;
  await lookUp("T7");
  assert.deepEqual(here.paths(), ["coins/markets"], "weekly, if it has the tickers");
  await lookUp("NONE");
  assert.equal(here.asked[0]!.etag, "v1");
  assert.deepEqual(here.paths(), ["coins/list"]);
  const versions = () => db.query<{ xmin: string }>("select distinct xmin::text from listed_coins");
  const before = await versions();

  for (
    const broken of [
      () => Response.json(all.slice(0, 4000)),
      () => new Response("<html>Just a moment...</html>"),
      () => Response.json([]),
      () => Response.json({ error: "no" }),
    ]
  ) {
    here.time.now += 8 * DAY_MS;
    await db.query("update coin_list set etag = null");
    list = broken;
    assert.equal((await lookUp("T7")).length, 6);
    assert.match(here.warnings.at(-1)!, /^Using the list of coins of an earlier day: Cannot/);
  }
  list = () => Response.json(all);
  await lookUp("T7");
  here.paths();
  here.time.now -= 365 * DAY_MS; // the clock was wrong
  await lookUp("T7");
  assert.equal(here.paths()[0], "coins/list");
  assert.deepEqual(await versions(), before, "unchanged rows are not written");
});

Deno.test("after 429 nothing is requested until Retry-After is over, in other instances neither", async () => {
  const here = world(() => new Response("", { status: 429, headers: { "retry-after": "1800" } }));
  const fetchAll = () => here.open().fetch(coinsOf(["BTCUSDT"]), signal);
  await assert.rejects(fetchAll, { code: "rate_limited", retryAfterMs: 1800 * SECOND_MS });
  here.time.now += 900 * SECOND_MS;
  await assert.rejects(fetchAll, {
    message: /accepts no requests until 2026-11-20T00:30/,
    retryAfterMs: 900 * SECOND_MS,
  });
  assert.equal(here.asked.length, 1);
  here.time.now += 900 * SECOND_MS;
  await assert.rejects(fetchAll, /HTTP 429/);
  assert.equal(here.asked.length, 2);
  here.time.now -= 365 * DAY_MS; // the clock was wrong
  await assert.rejects(fetchAll, /HTTP 429/);
  await db.query("delete from provider_waits");
});

Deno.test("repeated, missing, empty and negative figures, and a page that fails, cost only their coins", async () => {
  const ids = ["bitcoin", "ethereum", "solana", "cardano", "ripple"];
  let failing = false;
  const here = world(({ ids: wanted }) => {
    if (failing && !wanted.includes("bitcoin")) return new Response("", { status: 502 });
    return Response.json([
      row("bitcoin", { market_cap: null }),
      row("bitcoin"),
      row("bitcoin", { market_cap: -5 }),
      row("ethereum", { market_cap: -200, circulating_supply: -100 }),
      row("solana", { circulating_supply: null }),
      row("cardano"),
    ]);
  });
  const coins = coinsOf(["BTCUSDT", "ETHUSDT", "SOLUSDT", "ADAUSDT", "XRPUSDT"]);
  assert.deepEqual(coins.map(({ id }) => id), ids);
  const caps = await here.open().fetch(coins, signal);
  assert.deepEqual(caps.map(({ coin, marketCap }) => `${coin} ${marketCap}`), [
    "bitcoin 200",
    "cardano 200",
  ]);
  failing = true;
  const many = [
    coins[0]!,
    ...Array.from({ length: 400 }, (_, i) => ({ ...coins[1]!, id: `x${i}` })),
  ];
  assert.deepEqual((await here.open().fetch(many, signal)).map(({ coin }) => coin), ["bitcoin"]);
  assert.match(here.warnings.at(-1)!, /^Market caps of 151 coins are derived: .*HTTP 502/);
});
