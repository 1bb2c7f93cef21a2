import assert from "node:assert/strict";
import {
  archivedUntil,
  archiveFile,
  archiveFilesOf,
  archivePath,
  countArchiveFiles,
  isWorthwhile,
  parseArchiveName,
  parseSeriesName,
} from "./archive_file.ts";
import { INTERVALS } from "./interval.ts";
import { HOUR_MS, parseTime } from "./time.ts";

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
  assert.equal(parseArchiveName("btcusdt-1h-2024-01.ZIP")?.name, "BTCUSDT-1h-2024-01");
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
  assert.deepEqual(parseSeriesName("ethusdt-4h.CSV"), { symbol: "ETHUSDT", interval: "4h" });
  for (const name of ["candles.csv", "ETHUSDT-7m.csv", "ETHUSDT-4h", "ETHUSDT-4hours.csv"]) {
    assert.equal(parseSeriesName(name), undefined, name);
  }
});

Deno.test("archiveFilesOf() lists months that are out, then days, newest first", () => {
  const now = parseTime("2025-06-15T10:00Z");
  const names = (interval: "1s" | "1m" | "1h" | "1w", from: string, to: string) =>
    archiveFilesOf({ symbol: "X", interval }, { from: parseTime(from), to: parseTime(to) }, now)
      .map(({ name }) => name.slice(name.indexOf("2025")));
  assert.deepEqual(names("1h", "2025-03-15", "2025-06-03T12:00Z"), [
    "2025-06-03",
    "2025-06-02",
    "2025-06-01",
    "2025-05",
    "2025-04",
    "2025-03",
  ]);
  assert.deepEqual(names("1h", "2025-06-13", "2025-06-15T10:00Z"), ["2025-06-14", "2025-06-13"]);
  assert.deepEqual(names("1s", "2025-04-29", "2025-05-01"), ["2025-04-30", "2025-04-29"]);
  assert.deepEqual(names("1w", "2025-04-29", "2025-06-15"), ["2025-05", "2025-04"]);
  assert.deepEqual(names("1m", "2025-05-01", "2025-05-01"), []);
});

Deno.test("isWorthwhile() takes files that save many requests: months to 5m, days of 1s", () => {
  const worth = (interval: "1s" | "1m" | "5m" | "15m", period: "monthly" | "daily") =>
    isWorthwhile(archiveFile({ symbol: "X", interval }, period, parseTime("2025-02-01")));
  assert.deepEqual(
    [worth("1m", "monthly"), worth("5m", "monthly"), worth("15m", "monthly")],
    [true, true, false],
  );
  assert.deepEqual([worth("1s", "daily"), worth("1m", "daily")], [true, false]);
});

Deno.test("countArchiveFiles() counts the worthwhile ones of archiveFilesOf()", () => {
  const now = parseTime("2025-06-15T10:00Z");
  const until = archivedUntil(now);
  for (const interval of INTERVALS) {
    for (const start of ["2024-01-31T23:59", "2024-02-01", "2024-12-31T12:00", "2025-04-30"]) {
      for (const to of [until, until - HOUR_MS, parseTime("2024-02-29T00:01"), parseTime(start)]) {
        const range = { from: parseTime(start), to };
        const files = archiveFilesOf({ symbol: "X", interval }, range, now).filter(isWorthwhile);
        assert.equal(
          countArchiveFiles(interval, range),
          files.length,
          `${interval} ${start} ${to}`,
        );
      }
    }
  }
});
