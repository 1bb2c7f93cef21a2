import assert from "node:assert/strict";
import { parseFileName } from "./file_names.ts";

Deno.test("parseFileName() reads symbol and interval out of the names of each program", () => {
  const cases: Record<string, readonly [symbol?: string, interval?: string]> = {
    "BTCUSDT-1h-2024-01.zip": ["BTCUSDT", "1h"],
    "BTCUSDT-1mo-2024-01.csv": ["BTCUSDT", "1M"],
    "BTC_USDT-1h.feather": ["BTCUSDT", "1h"],
    "BTC_USDT-1Mo.feather": ["BTCUSDT", "1M"],
    "ETH_BTC-5m.json.gz": ["ETHBTC", "5m"],
    "Binance_BTCUSDT_1h.csv": ["BTCUSDT", "1h"],
    "Binance_ETHUSDT_d.csv": ["ETHUSDT", "1d"],
    "Binance_BTCUSDT_2023_minute.csv": ["BTCUSDT", "1m"],
    "BTCUSDT-1h-data.csv": ["BTCUSDT", "1h"],
    "btcusdt_4h.csv.gz": ["BTCUSDT", "4h"],
    "BTC-USDT-1h.csv": ["BTCUSDT", "1h"],
    "BTCUSDT_1M.csv": ["BTCUSDT", "1M"],
    "BTCUSDT_1m.csv": ["BTCUSDT", "1m"],
    "1000SATSUSDT-15m.parquet": ["1000SATSUSDT", "15m"],
    "LDOEUR_1w.csv": ["LDOEUR", "1w"],
    "BINANCE_BTCUSDT, 60.csv": ["BTCUSDT"],
    "BINANCE_BTCUSDT, 1D.csv": ["BTCUSDT", "1d"],
    "candles.csv": [],
    "prices 2024.csv": [],
  };
  for (const [name, [symbol, interval]] of Object.entries(cases)) {
    const found = parseFileName(name);
    assert.deepEqual(
      [found.symbol, found.interval, found.foreign],
      [symbol, interval, undefined],
      name,
    );
  }
});

Deno.test("parseFileName() recognises files of other markets and of other data", () => {
  const foreign = [
    "BTCUSD_PERP-1h-2024-01.zip",
    "BTCUSD_240628-1h-2024-06.zip",
    "BTCUSDT_240628-1h-2024-06.zip",
    "BTCUSDT-aggTrades-2024-01.zip",
    "BTCUSDT-trades-2024-01.zip",
    "BTCUSDT-bookTicker-2024-01.zip",
    "BTCUSDT-bookDepth-2024-01-01.zip",
    "BTCUSDT-metrics-2024-01-01.zip",
    "BTCUSDT-fundingRate-2024-01.zip",
    "BTCUSD_PERP-liquidationSnapshot-2024-01-01.zip",
    "BTCBVOLUSDT-BVOLIndex-2023-01-01.zip",
    "BTC-EOHSummary-2023-10-01.zip",
    "BTCUSDT-markPriceKlines-1h-2024-01.zip",
    "BTC_USDT_USDT-1h-futures.feather",
    "BTC_USDT_USDT-1h-mark.feather",
    "BTC_USDT_USDT-8h-funding_rate.feather",
    "BTC_USDT_USDT-1h.feather",
    "BINANCE_BTCUSDT.P, 60.csv",
    "BTCUSDT.P_1h.csv",
    "Bitstamp_BTCUSD_1h.csv",
    "BinanceUS_BTCUSD_1h.csv",
    "Coinbase-ETHUSD-1d.csv",
  ];
  const taken = foreign.filter((name) => parseFileName(name).foreign === undefined);
  assert.deepEqual(taken, []);
});
