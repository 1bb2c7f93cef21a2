import assert from "node:assert/strict";
import { parseDecimal } from "../core/decimal.ts";
import { parseTime } from "../core/time.ts";
import { klineAt, klinesFrom, marketSymbol } from "../testing/klines.ts";
import { createTestDatabase } from "../testing/postgres.ts";
import { createKlineStore } from "./klines_postgres.ts";
import { createKlineReader } from "./read_postgres.ts";
import { createRunLedger } from "./runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const store = createKlineStore(db);
const reader = createKlineReader(db);
const run = await createRunLedger(db).start("test", "rest");

Deno.test("quotes() gives the newest closes, ascending, and the close one day before", async () => {
  const series = { symbol: "AUSDT", interval: "1h" } as const;
  await store.saveSymbols([marketSymbol("AUSDT")]);
  await store.openSeries(series);
  const klines = klinesFrom("2024-01-01", "1h", 50);
  await store.write(series, klines, run);
  const [quote, ...others] = await reader.quotes(["AUSDT", "NOPEUSDT"], "1h", 5);
  assert.deepEqual(others, []);
  assert.deepEqual(quote, {
    symbol: "AUSDT",
    lastOpenTime: klines[49]!.openTime,
    closes: klines.slice(45).map(({ closePrice }) => Number(closePrice)),
    dayAgo: Number(klines[25]!.closePrice),
  });
  assert.deepEqual(await reader.quotes(["AUSDT"], "4h", 5), []);
});

Deno.test("quotes() bridges a hole of hours to the day before, and none of days", async () => {
  await store.saveSymbols([marketSymbol("BUSDT"), marketSymbol("CUSDT")]);
  const last = klineAt("2024-01-05T00:00Z", "1h");
  const early = klineAt("2024-01-03T20:00Z", "1h", { closePrice: parseDecimal("7.5") });
  const old = klineAt("2024-01-02T00:00Z", "1h");
  for (const [symbol, first] of [["BUSDT", early], ["CUSDT", old]] as const) {
    await store.openSeries({ symbol, interval: "1h" });
    await store.write({ symbol, interval: "1h" }, [first, last], run);
  }
  const quotes = await reader.quotes(["BUSDT", "CUSDT"], "1h", 2);
  const dayAgo = Object.fromEntries(quotes.map((quote) => [quote.symbol, quote.dayAgo]));
  assert.deepEqual(dayAgo, { BUSDT: 7.5, CUSDT: undefined });
  assert.equal(quotes[0]!.lastOpenTime, parseTime("2024-01-05"));
});
