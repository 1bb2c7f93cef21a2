import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import assert from "node:assert/strict";
import { HOUR_MS, parseTime, toIso } from "../lib/core/time.ts";
import { coinsOf } from "../lib/marketcap/coins.ts";
import { parseDecimal } from "../lib/core/decimal.ts";
import { ENDPOINTS } from "../lib/openapi/endpoints.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createMarketCapStore } from "../lib/store/postgres/market_caps/market_caps_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

const { db, url, close } = await createTestDatabase();
const symbols = ["BTCUSDT", "ETHUSDT"];
const store = createKlineStore(db);
await store.saveSymbols(symbols.map((symbol) => marketSymbol(symbol)));
const run = await createRunLedger(db).start("test", "rest");
const klines = klinesFrom("2024-01-01", "4h", 200).toSpliced(50, 3);
for (const symbol of symbols) await store.write({ symbol, interval: "4h" }, klines, run);
const serverTime = klines.at(-1)!.openTime + 5 * HOUR_MS;
const minutes = klinesFrom(toIso(serverTime - HOUR_MS), "1m", 60);
await store.write({ symbol: "ETHUSDT", interval: "1m" }, minutes, run);
await createMarketCapStore(db).save(
  coinsOf(symbols).map(({ id, ticker }) => ({
    coin: id,
    symbol: ticker,
    source: "coingecko",
    takenAt: serverTime - HOUR_MS,
    price: parseDecimal("2.5"),
    circulatingSupply: parseDecimal("1000"),
    marketCap: parseDecimal("2500"),
  })),
);
const app = await createTestApp({ db, url, symbols, intervals: ["4h"], serverTime });
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

const document = await (await app.fetch("/openapi.json")).json();

Deno.test("/openapi.json is valid OpenAPI 3.1", async () => {
  assert.equal(document.openapi, "3.1.1");
  const { valid, errors } = await new Validator().validate(document);
  assert.ok(valid, JSON.stringify(errors));
});

Deno.test("/openapi.json lists every API endpoint", () => {
  const files = [...walk("routes")].filter((path) => path.endsWith(".ts"))
    .filter((path) => !/_test\.ts$|\/_[^/]*$|openapi\.json|\/star\.ts/.test(path)); // a page's form
  const served = files.map((path) => path.slice("routes".length, -".ts".length));
  assert.deepEqual(Object.keys(document.paths).sort(), served.sort());
});

function* walk(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* walk(path);
    else yield path;
  }
}

const ajv = new Ajv.default({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, "wick");

function schemaPath(path: string, status: number, type: string): string {
  const escape = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");
  const keys = ["paths", path, "get", "responses", `${status}`, "content", type, "schema"];
  return `wick#/${keys.map((key) => encodeURIComponent(escape(key))).join("/")}`;
}

async function requireDocumented(path: string, query: string, status: number) {
  const response = await app.fetch(query === "" ? path : `${path}?${query}`);
  assert.equal(response.status, status, `${path}?${query}`);
  const type = response.headers.get("content-type")!.split(";")[0]!;
  const { responses } = document.paths[path].get;
  assert.ok(type in responses[status].content, `${path} answers ${status} with ${type}`);
  const named: Record<string, { required: boolean }> = responses[status].headers ?? {};
  for (const [name, { required }] of Object.entries(named)) {
    if (required) assert.ok(response.headers.has(name), `${path} sends ${name}`);
  }
  const hasName = (name: string) => Object.keys(named).some((one) => one.toLowerCase() === name);
  for (const name of response.headers.keys()) {
    if (name.startsWith("x-wick-") || name === "link") {
      assert.ok(status >= 400 || hasName(name), `${path} describes ${name}`);
    }
  }
  if (type !== "application/json") return void await response.body?.cancel();
  const validate = ajv.getSchema(schemaPath(path, status, type))!;
  const body = await response.json();
  assert.ok(validate(body), `${path} ${status}: ${ajv.errorsText(validate.errors)}`);
}

for (const { path, example, failures } of ENDPOINTS) {
  Deno.test(`${path} responds as /openapi.json documents, also to errors`, async () => {
    const series = example?.({ symbol: "ETHUSDT", interval: "4h" }) ?? "";
    await requireDocumented(path, series, 200);
    if (failures.includes(400)) {
      await requireDocumented(path, `${series && `${series}&`}surprise=1`, 400);
    }
    const other = await app.fetch(path, { method: "POST" });
    assert.equal(other.status, 405);
  });
}

Deno.test("/export?format=json answers with the documented candles", async () => {
  await requireDocumented("/export", "symbol=ETHUSDT&interval=4h&format=json", 200);
  await requireDocumented("/export", "symbol=NOPEUSDT&interval=4h", 404);
});

Deno.test("headers of rollup=1, imported=1 and limit are described", async () => {
  await requireDocumented("/export", "symbol=ETHUSDT&interval=1d&rollup=1&format=json", 200);
  await requireDocumented("/export", "symbol=ETHUSDT&interval=4h&imported=1&format=ndjson", 200);
  await requireDocumented("/api/series", "limit=1", 200);
});

Deno.test("scripts of other origins may read the API, including preflights, but no page", async () => {
  for (const path of ["/api/series", "/export?symbol=ETHUSDT&interval=4h", "/api/nowhere"]) {
    const { headers, body } = await app.fetch(path);
    assert.equal(headers.get("access-control-allow-origin"), "*", path);
    assert.match(headers.get("access-control-expose-headers")!, /x-wick-rows/);
    await body?.cancel();
  }
  const preflight = await app.fetch("/export", {
    method: "OPTIONS",
    headers: { "access-control-request-method": "GET", origin: "https://example.com" },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-methods"), "GET, HEAD");
  const page = await app.fetch("/charts?symbol=ETHUSDT&interval=4h");
  assert.equal(page.headers.get("access-control-allow-origin"), null);
  await page.body?.cancel();
});

Deno.test("scripts of other origins may read every header that the description names", async () => {
  type Answers = Record<string, { headers?: Record<string, unknown> }>;
  const { paths }: { paths: Record<string, { get: { responses: Answers } }> } =
    await (await app.fetch("/openapi.json")).json();
  const named = new Set<string>();
  for (const { get } of Object.values(paths)) {
    for (const { headers = {} } of Object.values(get.responses)) {
      for (const name of Object.keys(headers)) named.add(name.toLowerCase());
    }
  }
  for (const name of ["x-wick-derived", "x-wick-imported", "x-wick-universe", "link"]) {
    assert.ok(named.has(name), name);
  }
  const response = await app.fetch("/api/series");
  await response.body?.cancel();
  const exposed = response.headers.get("access-control-expose-headers")!.split(", ");
  const readable = new Set([...exposed, "cache-control", "content-type"]); // always readable
  assert.deepEqual([...named].filter((name) => !readable.has(name)), []);
});

Deno.test("a request with a current ETag is answered by 304", async () => {
  for (const path of ["/api/series", "/api/gaps?symbol=ETHUSDT&interval=4h", "/api/market-caps"]) {
    const first = await app.fetch(path);
    await first.body?.cancel();
    const headers = { "if-none-match": first.headers.get("etag")! };
    app.world.serverTime += 1000;
    assert.equal((await app.fetch(path, { headers })).status, 304, path);
  }
  const before = (await app.fetch("/api/series")).headers.get("etag")!;
  const next = klinesFrom("2024-01-01", "4h", 201).slice(-1);
  await store.write({ symbol: "BTCUSDT", interval: "4h" }, next, run);
  const after = await app.fetch("/api/series", { headers: { "if-none-match": before } });
  assert.equal(after.status, 200);
  assert.ok(parseTime("2024-01-01") < (await after.json()).series[0].last_open_time);
});
