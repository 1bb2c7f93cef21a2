import { klinesFrom } from "../klines.ts";
import { createPageApp, type PageApp } from "../page_app.ts";
import { parseTime } from "../../core/time.ts";
import { capsOf } from "../browser/charts_site.ts";

/** The app with some series, one of which has a gap, and one is empty. */
export async function openFuzzApp(): Promise<PageApp> {
  const now = parseTime("2024-01-20T00:01Z");
  const app = await createPageApp({
    symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"],
    intervals: ["1h", "4h"],
    now,
  });
  const hours = klinesFrom("2024-01-01", "1h", 456);
  await app.addKlines("BTCUSDT", "1h", hours.toSpliced(100, 5));
  await app.addKlines("ETHUSDT", "1h", hours);
  await app.addKlines("ETHUSDT", "4h", klinesFrom("2024-01-01", "4h", 114));
  await app.saveCaps(capsOf({}, now - 60_000));
  return app;
}
