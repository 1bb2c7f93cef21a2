import assert from "node:assert/strict";
import { parseDecimal } from "../../../core/decimal.ts";
import { MINUTE_MS } from "../../../core/time.ts";
import { klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";
import { createKlineReader } from "./read_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const series = { symbol: "BTCUSDT", interval: "1m" } as const;
const of = parseDecimal;
const [before, quiet, first, second, last] = klinesFrom("2024-01-01", "1m", 5);
const priced = (open: string, high: string, low: string, close: string) => ({
  openPrice: of(open),
  highPrice: of(high),
  lowPrice: of(low),
  closePrice: of(close),
});
const amounts = (volume: string, quote: string, trades: number) => ({
  volume: of(volume),
  quoteAssetVolume: of(quote),
  numberOfTrades: trades,
});
const store = createKlineStore(db);
const { traded: readTraded } = createKlineReader(db);
await store.saveSymbols([marketSymbol("BTCUSDT")]);
await store.write(series, [
  { ...before!, ...priced("9", "9", "9", "9.5"), ...amounts("1", "1", 1) },
  { ...quiet!, ...priced("9.5", "9.5", "9.5", "9.5"), ...amounts("0", "0", 0) },
  { ...first!, ...priced("7", "8", "7", "7.1"), ...amounts("0.10000000", "0.1", 2) },
  {
    ...second!,
    ...priced("7.1", "7.2", "6.9", "7.0"),
    ...amounts("9007199254740993", "0.20000000", 3),
  },
  { ...last!, ...priced("7.0", "7.0", "7.0", "7.0"), ...amounts("0", "0", 0) },
], await createRunLedger(db).start("test", "rest"));

Deno.test("sums over a range are exact, and its prices are those of candles with trades", async () => {
  const from = quiet!.openTime;
  const { isWhole, previousClose, traded } = await readTraded(series, {
    from,
    to: from + 4 * MINUTE_MS,
  });
  assert.equal(isWhole, true);
  assert.equal(previousClose, "9.5");
  assert.deepEqual(traded, {
    open: "7",
    high: "8",
    low: "6.9",
    close: "7.0",
    volume: "9007199254740993.10000000",
    quoteVolume: "0.30000000",
    trades: 5,
  });
});

Deno.test("a range without trades has the previous price, and one without candles has none", async () => {
  const from = last!.openTime;
  const { traded } = await readTraded(series, { from, to: from + MINUTE_MS });
  assert.deepEqual([traded?.open, traded?.close, traded?.trades], ["7.0", "7.0", 0]);
  const later = { from: from + MINUTE_MS, to: from + 2 * MINUTE_MS };
  assert.equal((await readTraded(series, later)).traded, undefined);
});

Deno.test("a range that starts before the first candle is complete only if the listing date is the first candle", async () => {
  const range = { from: before!.openTime - MINUTE_MS, to: last!.openTime };
  assert.equal((await readTraded(series, range)).isWhole, false);
  await store.saveListedAt(series, before!.openTime);
  assert.equal((await readTraded(series, range)).isWhole, true);
  const unknown = { symbol: "NOPEUSDT", interval: "1m" } as const;
  assert.deepEqual(await readTraded(unknown, range), {
    isWhole: false,
    previousClose: undefined,
    traded: undefined,
  });
});
