import assert from "node:assert/strict";
import { readDayVolumes } from "./day_volumes.ts";

const ticker = (symbol: string, lastPrice: string, quoteVolume: string) => ({
  symbol,
  lastPrice,
  quoteVolume,
});
const markets = [
  { symbol: "BTCUSDT", quoteAsset: "USDT" },
  { symbol: "ETHBTC", quoteAsset: "BTC" },
  { symbol: "BTCTRY", quoteAsset: "TRY" },
  { symbol: "USDTTRY", quoteAsset: "TRY" },
  { symbol: "XYZABC", quoteAsset: "ABC" },
];

Deno.test("readDayVolumes() ranks in dollars, by direct, inverse and Bitcoin prices", () => {
  const reports: string[] = [];
  const oddities = { report: (text: string) => void reports.push(text) };
  const volumes = readDayVolumes(
    [
      ticker("XYZABC", "1", "900000000000"),
      ticker("BTCTRY", "4000000", "8000000"),
      ticker("USDTTRY", "40", "4000"),
      ticker("BTCUSDT", "100000", "500000"),
      ticker("ETHBTC", "0.04", "4"),
      { symbol: "BROKEN", lastPrice: null },
    ],
    markets,
    oddities,
  );
  assert.deepEqual(volumes, [
    { symbol: "BTCUSDT", usd: 500_000 },
    { symbol: "ETHBTC", usd: 400_000 },
    { symbol: "BTCTRY", usd: 200_000 },
    { symbol: "USDTTRY", usd: 100 },
    { symbol: "XYZABC", usd: 0 },
  ]);
  assert.match(reports.join(), /Skipped 1 of 6 tickers of 24 hours: BROKEN/);
});

Deno.test("readDayVolumes() refuses anything but a list", () => {
  const oddities = { report: () => {} };
  assert.throws(() => readDayVolumes({ code: -1 }, markets, oddities), /Cannot read tickers/);
});
