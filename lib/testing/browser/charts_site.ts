import { parseDecimal } from "../../core/decimal.ts";
import { shiftOpen } from "../../core/interval.ts";
import { HOUR_MS, parseTime } from "../../core/time.ts";
import { coinsOf } from "../../marketcap/coins.ts";
import type { MarketCap } from "../../ports/market_caps.ts";
import type { Browser } from "playwright-core";
import { openInBrowser } from "./browser.ts";
import { klinesFrom } from "../klines.ts";
import { createLiveDesk, type LiveDesk } from "../live_desk.ts";
import { createPageApp, type PageApp } from "../page_app.ts";

/** The app with candles and ten coins, on its own port, and a browser. */
export interface ChartsSite {
  readonly app: PageApp;
  readonly live: LiveDesk;
  readonly browser: Browser;
  readonly origin: string;
  close(): Promise<void>;
}

const SYMBOLS = "BTC ETH BNB SOL XRP ADA DOGE TRX AVAX LINK".split(" ")
  .map((base) => `${base}USDT`);

export const NOW = parseTime("2024-06-01T00:10Z");
/** Open time of the newest hourly candle. */
export const LAST = parseTime("2024-05-31T23:00Z");

/** 400 hourly BTC candles with six missing, 80 of ETH, and four-hour candles of both. */
export async function openChartsSite(
  files: Readonly<Record<string, string>> = {},
): Promise<ChartsSite> {
  const app = await createPageApp({ symbols: SYMBOLS, intervals: ["1h", "4h"], now: NOW });
  const hours = klinesFrom(shiftOpen(LAST, "1h", -399), "1h", 400);
  await app.addKlines("BTCUSDT", "1h", hours.filter((_, i) => i < 350 || i >= 356));
  await app.addKlines("BTCUSDT", "4h", klinesFrom("2024-05-01", "4h", 186));
  await app.addKlines("ETHUSDT", "1h", hours.slice(-80));
  await app.addKlines("ETHUSDT", "4h", klinesFrom("2024-05-20", "4h", 72));
  await app.saveCaps(capsOf({ ethereum: 1 }, NOW - HOUR_MS));
  const live = createLiveDesk();
  async function handler(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/live") return live.handler(request);
    const script = files[pathname];
    if (script === undefined) return await app.handler(request);
    return new Response(script, { headers: { "content-type": "text/javascript" } });
  }
  const { browser, origin, close } = await openInBrowser({ handler, close: app.close });
  return {
    app,
    live,
    browser,
    origin,
    async close() {
      live.drop();
      await close();
    },
  };
}

/** Market caps of the ten coins, each slightly smaller than the previous one, times its factor. */
export function capsOf(factors: Readonly<Record<string, number>>, takenAt: number): MarketCap[] {
  return coinsOf(SYMBOLS).map(({ id, ticker }, i) => ({
    coin: id,
    symbol: ticker,
    price: parseDecimal("1.5"),
    circulatingSupply: parseDecimal("1000"),
    marketCap: parseDecimal(((factors[id] ?? 1) * 10 ** (12 - i / 3)).toFixed(2)),
    source: "coingecko",
    takenAt,
  }));
}
