import assert from "node:assert/strict";
import { toIso } from "../../../lib/core/time.ts";
import { parseArchivePath } from "./archive_path.ts";

const BASE = "/data/spot";

Deno.test("parseArchivePath() knows when files appear: next day, or first Monday of the next month", () => {
  const published = (path: string) => toIso(parseArchivePath(BASE + path)!.publishedAt);
  const monthly = (month: string) =>
    published(`/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-${month}.zip`);
  assert.equal(monthly("2024-03"), "2024-04-01T08:00:00.000Z");
  assert.equal(monthly("2024-04"), "2024-05-06T08:00:00.000Z");
  assert.equal(monthly("2024-12"), "2025-01-06T08:00:00.000Z");
  assert.equal(
    published("/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2024-02-29.zip.CHECKSUM"),
    "2024-03-01T08:00:00.000Z",
  );
});

Deno.test("parseArchivePath() spells the month interval 1mo and refuses what does not fit together", () => {
  assert.equal(
    parseArchivePath(`${BASE}/monthly/klines/BTCUSDT/1mo/BTCUSDT-1mo-2024-03.zip`)?.interval,
    "1M",
  );
  const bad = [
    "/monthly/klines/BTCUSDT/1M/BTCUSDT-1M-2024-03.zip",
    "/monthly/klines/BTCUSDT/1h/ETHUSDT-1h-2024-03.zip",
    "/monthly/klines/BTCUSDT/1h/BTCUSDT-4h-2024-03.zip",
    "/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-03-01.zip",
    "/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-03.zip",
    "/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02-30.zip",
    "/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-13.zip",
    "/monthly/klines/BTCUSDT/9h/BTCUSDT-9h-2024-03.zip",
    "/monthly/trades/BTCUSDT/BTCUSDT-trades-2024-03.zip",
  ];
  for (const path of bad) assert.equal(parseArchivePath(BASE + path), undefined, path);
});
