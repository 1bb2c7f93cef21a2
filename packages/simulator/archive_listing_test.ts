import assert from "node:assert/strict";
import { at, type Client, withSimulator } from "./testing/client.ts";

/** Keys and prefixes of a listing, over all its pages. */
async function listAll({ get }: Client, prefix: string, delimiter = ""): Promise<string[]> {
  const found: string[] = [];
  for (let marker = "";;) {
    const query = new URLSearchParams({ prefix, delimiter, marker });
    const { status, text } = await get(`/?${query}`);
    assert.equal(status, 200);
    const page = [...text.matchAll(/<Key>(.*?)<\/Key>|<CommonPrefixes><Prefix>(.*?)<\/Prefix>/g)]
      .map(([, key, folder]) => key ?? folder!);
    assert.ok(page.length <= 1_000);
    found.push(...page);
    if (!text.includes("<IsTruncated>true<")) return found;
    marker = page.at(-1)!;
  }
}

const MONTHLY = "data/spot/monthly/klines/";

Deno.test("archive listing: symbols, also those that the exchange has removed", async () => {
  await withSimulator({ symbols: ["BTCUSDT", "SRMUSDT"] }, async (client) => {
    const { simulator, get, klines } = client;
    simulator.plant({
      symbol: "LENDUSDT",
      lives: [{ from: at("2019-02-01T08:30"), to: at("2020-10-02T04:00") }],
    });
    simulator.removeSymbol("SRMUSDT");
    assert.deepEqual(await listAll(client, MONTHLY, "/"), [
      `${MONTHLY}BTCUSDT/`,
      `${MONTHLY}LENDUSDT/`,
      `${MONTHLY}SRMUSDT/`,
    ]);
    const { symbols } = (await get("/api/v3/exchangeInfo")).json;
    const statuses = symbols.map((one: Record<string, string>) => [one["symbol"], one["status"]]);
    assert.deepEqual(statuses, [["BTCUSDT", "TRADING"], ["LENDUSDT", "BREAK"]]);
    assert.equal((await get("/api/v3/klines?symbol=SRMUSDT&interval=1d")).json.code, -1121);
    const [first] = await klines("symbol=LENDUSDT&interval=1m&startTime=0&limit=1");
    assert.equal(first![0], at("2019-02-01T08:30"));
  });
});

Deno.test("archive listing: the files of a series, with their checksums, in pages of 1,000", async () => {
  await withSimulator({ symbols: ["SRMUSDT"] }, async (client) => {
    const months = await listAll(client, `${MONTHLY}SRMUSDT/1d/`);
    assert.equal(months.length, 2 * 28);
    assert.equal(months[0], `${MONTHLY}SRMUSDT/1d/SRMUSDT-1d-2020-08.zip`);
    assert.equal(months.at(-1), `${MONTHLY}SRMUSDT/1d/SRMUSDT-1d-2022-11.zip.CHECKSUM`);
    for (const key of months) assert.equal((await client.get(`/${key}`)).status, 200, key);
    const days = await listAll(client, "data/spot/daily/klines/SRMUSDT/1d/");
    assert.equal(days.length, 2 * 840);
    assert.deepEqual(await listAll(client, `${MONTHLY}NONEUSDT/1d/`), []);
  });
});

Deno.test("control routes plant a symbol and remove it", async () => {
  await withSimulator({ symbols: ["BTCUSDT"] }, async (client) => {
    const lives = [{ from: "2021-01-01", to: "2021-03-01", price: 2 }, { from: "2022-01-01" }];
    const planted = await client.post("/_simulator/symbols", { symbol: "XYZUSDT", lives });
    assert.equal(planted.status, 200, planted.text);
    const rows = await client.klines("symbol=XYZUSDT&interval=1d&startTime=0&limit=100");
    assert.equal(rows.filter((row) => row[0] < at("2021-06-01")).length, 59);
    assert.equal(rows[59]![0], at("2022-01-01"));
    await client.get("/_simulator/symbols?symbol=XYZUSDT", { method: "DELETE" });
    assert.equal((await client.get("/api/v3/klines?symbol=XYZUSDT&interval=1d")).status, 400);
  });
});
