import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../lib/core/time.ts";
import type { KlineRow } from "../market/kline_row.ts";
import { at, type Client, NOW, withSimulator } from "../testing/client.ts";

const opens = (rows: readonly KlineRow[]) => rows.map((row) => row[0]);

Deno.test("klines: without bounds the newest candles, 500 by default, the open one last", async () => {
  await withSimulator({}, async ({ klines }) => {
    const rows = await klines("symbol=BTCUSDT&interval=1h");
    assert.equal(rows.length, 500);
    assert.equal(rows.at(-1)![0], at("2024-05-15T10:00:00Z"));
    assert.equal(rows.at(-1)![6], at("2024-05-15T11:00:00Z") - 1);
    assert.equal((await klines("symbol=BTCUSDT&interval=1h&limit=1500")).length, 1000);
    assert.deepEqual(await klines("symbol=BTCUSDT&interval=1h&limit=3"), rows.slice(-3));
  });
});

Deno.test("klines: a start returns the oldest since then, an end the newest until then, both inclusive", async () => {
  await withSimulator({}, async ({ klines }) => {
    const series = "symbol=BTCUSDT&interval=1h&limit=3";
    const hour = at("2024-03-01T05:00:00Z");
    assert.deepEqual(
      opens(await klines(`${series}&startTime=${hour}`)),
      [0, 1, 2].map((i) => hour + i * HOUR_MS),
    );
    assert.deepEqual(
      opens(await klines(`${series}&startTime=${hour + 1}`))[0],
      hour + HOUR_MS,
    );
    assert.deepEqual(
      opens(await klines(`${series}&endTime=${hour}`)),
      [2, 1, 0].map((i) => hour - i * HOUR_MS),
    );
    assert.deepEqual(opens(await klines(`${series}&startTime=${hour}&endTime=${hour}`)), [hour]);
    const both = await klines(`${series}&startTime=${hour}&endTime=${hour + HOUR_MS}`);
    assert.deepEqual(opens(both), [hour, hour + HOUR_MS]);
    assert.deepEqual(await klines(`${series}&startTime=${hour}&endTime=${hour - 1}`), []);
  });
});

Deno.test("klines: recorded windows of the real exchange have the same counts", async () => {
  await withSimulator({}, async ({ klines }) => {
    const count = async (interval: string, start: string, end: string) =>
      (await klines(
        `symbol=BTCUSDT&interval=${interval}&limit=1000&startTime=${at(start)}&endTime=${at(end)}`,
      )).length;
    assert.equal(await count("1d", "2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z"), 366);
    assert.equal(await count("1d", "2019-01-01T00:00:00Z", "2019-12-31T23:59:59Z"), 365);
    assert.equal(await count("1m", "2020-05-06T04:41:28Z", "2020-05-06T05:41:28Z"), 60);
    assert.equal(await count("1m", "2020-05-05T00:00:00Z", "2020-05-05T00:00:00Z"), 1);
  });
});

async function page(client: Client, symbol: string, interval: string): Promise<KlineRow[]> {
  const rows: KlineRow[] = [];
  for (let start = 0;;) {
    const next = await client.klines(
      `symbol=${symbol}&interval=${interval}&limit=1000&startTime=${start}`,
    );
    rows.push(...next);
    if (next.length < 1000) return rows;
    start = next.at(-1)![0] + 1;
  }
}

Deno.test("klines: paging by last open + 1 ms, forwards and backwards, gives the whole series", async () => {
  await withSimulator({ weightLimit: 100_000 }, async (client) => {
    for (
      const [symbol, interval] of [["BTCUSDT", "4h"], ["LUNAUSDT", "1h"], [
        "USDCUSDT",
        "1d",
      ]] as const
    ) {
      const whole = client.simulator.candles(symbol, interval);
      const paged = await page(client, symbol, interval);
      const open = paged.at(-1)![6] > NOW ? 1 : 0;
      assert.deepEqual(paged.slice(0, paged.length - open), whole);

      const back: KlineRow[] = [];
      for (let end = NOW;;) {
        const next = await client.klines(
          `symbol=${symbol}&interval=${interval}&limit=1000&endTime=${end}`,
        );
        back.unshift(...next);
        if (next.length === 0) break;
        end = next[0]![0] - 1;
      }
      assert.deepEqual(back, paged);
    }
  });
});

Deno.test("klines: nothing is returned before the listing, and windows in a gap are empty", async () => {
  await withSimulator({}, async ({ klines, get }) => {
    const first = await klines("symbol=ADAUSDT&interval=4h&startTime=0&limit=1");
    assert.deepEqual(opens(first), [at("2018-04-17T04:00:00Z")]);
    const gap = `startTime=${at("2022-10-01")}&endTime=${at("2023-03-01")}`;
    assert.equal((await get(`/api/v3/klines?symbol=USDCUSDT&interval=1h&${gap}`)).text, "[]");
    assert.deepEqual(
      opens(await klines(`symbol=USDCUSDT&interval=1h&limit=1&startTime=${at("2022-10-01")}`)),
      [at("2023-03-11T14:00:00Z")],
    );
    assert.equal((await get("/api/v3/klines?symbol=NOVAUSDT&interval=1h")).json.code, -1121);
  });
});

Deno.test("klines: times in seconds match nothing, times in µs are recognised", async () => {
  await withSimulator({}, async ({ klines }) => {
    const hour = at("2024-03-01T05:00:00Z");
    assert.deepEqual(await klines(`symbol=BTCUSDT&interval=1h&startTime=${hour / 1000}`), []);
    const both = `startTime=${hour / 1000}&endTime=${hour / 1000 + 7200}`;
    assert.deepEqual(await klines(`symbol=BTCUSDT&interval=1h&${both}`), []);
    const rows = await klines(`symbol=BTCUSDT&interval=1h&limit=1&startTime=${hour}000`);
    assert.deepEqual(opens(rows), [hour]);
    const later = await klines(`symbol=BTCUSDT&interval=1h&limit=1&startTime=${hour}001`);
    assert.deepEqual(opens(later), [hour + HOUR_MS]);
  });
});

Deno.test("klines: X-MBX-TIME-UNIT turns all times into µs and nothing else", async () => {
  await withSimulator({}, async ({ get, klines }) => {
    const query = "symbol=BTCUSDT&interval=1h&limit=5";
    const ms = await klines(query);
    const us = (await get(`/api/v3/klines?${query}`, {
      headers: { "X-MBX-TIME-UNIT": "MICROSECOND" },
    })).json;
    const expected = ms.map((row) =>
      row.map((field, i) => i === 0 ? row[0] * 1000 : i === 6 ? row[6] * 1000 + 999 : field)
    );
    assert.deepEqual(us, expected);
    const time = await get("/api/v3/time", { headers: { "x-mbx-time-unit": "microsecond" } });
    assert.equal(time.json.serverTime, NOW * 1000);
    const wrong = await get("/api/v3/time", { headers: { "x-mbx-time-unit": "second" } });
    assert.equal(wrong.json.code, -1194);
  });
});

Deno.test("klines: a timeZone that would shift the candles is an error", async () => {
  await withSimulator({}, async ({ klines, get }) => {
    const hours = "symbol=BTCUSDT&interval=1h&limit=3";
    assert.deepEqual(await klines(`${hours}&timeZone=8`), await klines(hours));
    const code = async (zone: string) =>
      (await get(`/api/v3/klines?symbol=BTCUSDT&interval=1d&timeZone=${zone}`)).json.code;
    assert.deepEqual([await code("8"), await code("14:01"), await code("UTC")], [
      -1130,
      -1130,
      -1100,
    ]);
  });
});

Deno.test("klines: uiKlines responds in the same format", async () => {
  await withSimulator({}, async ({ get, klines }) => {
    const query = "symbol=BTCUSDT&interval=1d&limit=3";
    assert.deepEqual((await get(`/api/v3/uiKlines?${query}`)).json, await klines(query));
  });
});

Deno.test("klines: the open candle changes with the clock until it is closed", async () => {
  await withSimulator({}, async ({ simulator, klines }) => {
    const newest = async () => (await klines("symbol=ETHUSDT&interval=1m&limit=1"))[0]!;
    const open = at("2024-05-15T10:20:00Z");
    const seen = new Set<string>();
    for (let i = 0; i < 4; i++) {
      const row = await newest();
      assert.equal(row[0], open);
      seen.add(JSON.stringify(row));
      simulator.clock.advance(7_000);
    }
    assert.equal(seen.size, 4);
    const closed = () => simulator.candles("ETHUSDT", "1m", { from: open, to: open + 1 });
    assert.deepEqual(closed(), []);
    simulator.clock.set(open + MINUTE_MS);
    const [final] = closed();
    simulator.clock.advance(DAY_MS);
    assert.deepEqual(closed(), [final]);
    simulator.clock.set(open + 1);
    assert.deepEqual(closed(), []);
    assert.equal((await newest())[0], open);

    simulator.clock.set(open + MINUTE_MS);
    const [last, next] = await klines("symbol=ETHUSDT&interval=1m&limit=2");
    assert.deepEqual(last, final, "closed at the very instant of its end");
    assert.equal(next![0], open + MINUTE_MS);
  });
});
