import assert from "node:assert/strict";
import { archiveFile, archivePath, parseArchiveName, parseSeriesName } from "./archive.ts";
import { parseTime } from "./time.ts";

Deno.test("archiveFile() names months and days as the archive does", () => {
  const series = { symbol: "BTCUSDT", interval: "1M" } as const;
  const month = archiveFile(series, "monthly", parseTime("2024-02-29T23:59:59.999Z"));
  assert.equal(archivePath(month), "/data/spot/monthly/klines/BTCUSDT/1mo/BTCUSDT-1mo-2024-02.zip");
  assert.deepEqual(month.range, { from: parseTime("2024-02-01"), to: parseTime("2024-03-01") });
  const day = archiveFile({ ...series, interval: "1m" }, "daily", parseTime("2024-02-29T10:00Z"));
  assert.equal(archivePath(day), "/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2024-02-29.zip");
  assert.deepEqual(day.range, { from: parseTime("2024-02-29"), to: parseTime("2024-03-01") });
});

Deno.test("parseArchiveName() reads what archiveFile() writes, and nothing else", () => {
  for (const name of ["BTCUSDT-1h-2024-01", "BTCUSDT-1mo-2024-01", "A-B-15m-2023-12-31"]) {
    assert.equal(parseArchiveName(`${name}.zip`)?.name, name);
    assert.equal(parseArchiveName(`${name}.csv`)?.name, name);
  }
  assert.equal(parseArchiveName("BTCUSDT-1mo-2024-01.zip")?.interval, "1M");
  for (
    const name of ["candles.csv", "BTCUSDT-1h.csv", "BTCUSDT-7m-2024-01.zip", "X-1h-2024-13.zip"]
  ) {
    assert.equal(parseArchiveName(name), undefined, name);
  }
});

Deno.test("parseSeriesName() reads the names of exports, and nothing else", () => {
  assert.deepEqual(parseSeriesName("ETHUSDT-4h.csv"), { symbol: "ETHUSDT", interval: "4h" });
  assert.deepEqual(parseSeriesName("ETHUSDT-1M.csv"), { symbol: "ETHUSDT", interval: "1M" });
  assert.deepEqual(parseSeriesName("X-1mo.2017_2020.csv"), { symbol: "X", interval: "1M" });
  for (const name of ["candles.csv", "ETHUSDT-7m.csv", "ETHUSDT-4h", "ETHUSDT-4hours.csv"]) {
    assert.equal(parseSeriesName(name), undefined, name);
  }
});
