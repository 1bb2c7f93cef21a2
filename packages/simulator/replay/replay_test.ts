import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import { HOUR_MS } from "../../../lib/core/time.ts";
import { startSimulator } from "../simulator.ts";
import { at, withSimulator } from "../testing/client.ts";

async function withFolder(
  files: Record<string, string>,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const HEADER = "open_time,open,high,low,close,volume,close_time,quote_volume,count," +
  "taker_buy_volume,taker_buy_quote_volume,ignore\n";

function line(open: number, close: string, closeTime = open + HOUR_MS - 1): string {
  return `${open},1.0,9.50,0.5,${close},10,${closeTime},20.5,3,4,8.2,0\n`;
}

const T = at("2018-02-11T00:00:00Z");

Deno.test("replay: files of a series are merged in time order; the last row of an open time counts", async () => {
  const files = {
    "BTCUSDT-1h.b.csv": line(T + HOUR_MS, "2.0") + line(T + 2 * HOUR_MS, "3.0"),
    "BTCUSDT-1h-2018-01.csv": HEADER + line(T + HOUR_MS, "9.9") + line(T, "1.5") + line(T, "1.6"),
    "BTCUSDT-1M.csv": line(at("2018-02-01"), "7"),
    "notes.txt": "not candles",
  };
  await withFolder(files, async (folder) => {
    await withSimulator({ csv: [folder] }, async ({ klines, get, simulator }) => {
      assert.equal(simulator.label, "replay");
      const rows = await klines("symbol=BTCUSDT&interval=1h");
      assert.deepEqual(rows.map((row) => [row[0], row[4]]), [
        [T, "1.6"],
        [T + HOUR_MS, "2.0"],
        [T + 2 * HOUR_MS, "3.0"],
      ]);
      assert.deepEqual(simulator.candles("BTCUSDT", "1h"), rows);
      assert.equal((await klines("symbol=BTCUSDT&interval=1M")).length, 1);
      assert.deepEqual(await klines("symbol=BTCUSDT&interval=1d"), []);
      const info = (await get("/api/v3/exchangeInfo")).json.symbols;
      assert.equal(info.length, 1);
      assert.deepEqual(
        [info[0].symbol, info[0].baseAsset, info[0].quoteAsset, info[0].status],
        ["BTCUSDT", "BTC", "USDT", "TRADING"],
      );
      assert.equal(info[0].filters[0].tickSize, "0.10000000");
      const reply = await get("/api/v3/ticker/price?symbol=BTCUSDT");
      assert.equal(reply.json.price, "3.0");
      assert.equal(reply.headers.get("x-wick-simulator"), "replay");
    });
  });
});

Deno.test("replay: off-grid opens and odd close times are kept; the overlapped candle is not lost", async () => {
  const odd = T + 3 * HOUR_MS + 1_694_789;
  const text = line(odd, "1.1", T + 4 * HOUR_MS + 999) +
    line(T + 4 * HOUR_MS, "1.2") +
    line(T + 6 * HOUR_MS, "1.3", T + 6 * HOUR_MS - 5_000);
  await withFolder({ "BTCUSDT-1h.csv": text }, async (folder) => {
    const now = T + 4 * HOUR_MS + 60_000;
    await withSimulator(
      { csv: [`${folder}/BTCUSDT-1h.csv`], now },
      async ({ klines, simulator }) => {
        const shown = async () =>
          (await klines("symbol=BTCUSDT&interval=1h")).map((row) => [row[0], row[6]]);
        assert.deepEqual(await shown(), [
          [odd, T + 4 * HOUR_MS + 999],
          [T + 4 * HOUR_MS, T + 5 * HOUR_MS - 1],
        ]);
        assert.equal(simulator.candles("BTCUSDT", "1h").length, 1);
        simulator.clock.set(T + 6 * HOUR_MS);
        assert.deepEqual((await shown()).at(-1), [T + 6 * HOUR_MS, T + 6 * HOUR_MS - 5_000]);
        simulator.clock.set(T);
        assert.deepEqual(await shown(), []);
      },
    );
  });
});

Deno.test("replay: files in µs are served in ms, or in µs on request", async () => {
  const open = at("2025-01-01T00:00:00Z");
  const text = `${open}000,1,2,0.5,1.5,7,${open + HOUR_MS}000,9,3,4,5,0\n`.replace(
    `${open + HOUR_MS}000`,
    `${open + HOUR_MS - 1}999`,
  );
  await withFolder({ "ETHUSDT-1h-2025-01.csv": text }, async (folder) => {
    await withSimulator({ csv: [folder], now: open + 2 * HOUR_MS }, async ({ get }) => {
      const path = "/api/v3/klines?symbol=ETHUSDT&interval=1h";
      const [ms] = (await get(path)).json;
      assert.deepEqual([ms[0], ms[6]], [open, open + HOUR_MS - 1]);
      const [us] = (await get(path, { headers: { "x-mbx-time-unit": "MICROSECOND" } })).json;
      assert.deepEqual([us[0], us[6]], [open * 1000, (open + HOUR_MS) * 1000 - 1]);
    });
  });
});

Deno.test("replay: paths without candles are rejected before anything starts", async () => {
  await withFolder({ "prices.csv": "x", "BTCUSDT-1h.csv": "time,open\n" }, async (folder) => {
    for (const path of [`${folder}/none`, `${folder}/prices.csv`, `${folder}/BTCUSDT-1h.csv`]) {
      await assert.rejects(
        startSimulator({ csv: [path] }),
        (error) => error instanceof AppError && error.code === "invalid_input",
        path,
      );
    }
  });
});
