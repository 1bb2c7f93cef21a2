import { z } from "zod";
import { toPlainText } from "../core/text/plain_text.ts";
import type { EpochMs } from "../core/time.ts";
import type { Logger } from "../ports/host.ts";
import type { MarketCap, MarketCapSource } from "../ports/market_caps.ts";
import { type CapFigures, toMarketCap } from "./cap_figures.ts";
import { getProviderJson, parseRows } from "./provider_http.ts";

export interface ProviderOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly fetch: typeof fetch;
  readonly now: () => EpochMs;
  readonly log: Logger;
}

/** A coin's name: any text of limited length. */
export const text = z.string().max(200).overwrite((name) => toPlainText(name, 200));

/** A row of GET /coins/markets of docs.coingecko.com/v3.0.1: most numbers are nullable. */
const rowSchema = z.object({
  id: text.min(1),
  symbol: text,
  name: text,
  current_price: z.number().nullable(),
  market_cap: z.number().nullable(),
  market_cap_rank: z.int().nullish(),
  circulating_supply: z.number().nullable(),
});

const NAME = "coingecko";
/** Most rows per request. */
const PAGE = 250;
/** Tickers per lookup: several coins may share one, and all must fit one response. */
const TICKERS = 40;

/** Reads market caps from CoinGecko, with or without an API key. */
export function createCoinGecko(options: ProviderOptions): MarketCapSource {
  const { url, key, fetch, now, log } = options;
  const headers: Record<string, string> = key === undefined ? {} : { "x-cg-demo-api-key": key };
  const ask = async (query: Record<string, string>, signal: AbortSignal) => {
    const request = new URL("/api/v3/coins/markets", url);
    request.search = String(
      new URLSearchParams({ vs_currency: "usd", ...query, per_page: String(PAGE) }),
    );
    const asked = { name: NAME, url: request, headers };
    const rows = await getProviderJson(fetch, asked, z.array(z.unknown()), signal);
    return parseRows(rows, rowSchema, { name: NAME, log });
  };
  return {
    name: NAME,
    async fetch(coins, signal) {
      const caps: MarketCap[] = [];
      for (const part of chunks(coins, PAGE)) {
        const rows = await ask({ ids: part.map(({ id }) => id).join() }, signal);
        const byId = new Map(rows.map((row) => [row.id, row]));
        const origin = { source: NAME, takenAt: now(), log };
        caps.push(
          ...part.flatMap((coin) => toMarketCap(coin, toFigures(byId.get(coin.id)), origin) ?? []),
        );
      }
      return caps;
    },
    async lookUp(tickers, signal) {
      const found: z.output<typeof rowSchema>[] = [];
      for (const part of chunks(tickers, TICKERS)) {
        const symbols = part.map((ticker) => ticker.toLowerCase()).join();
        found.push(...await ask({ symbols, include_tokens: "all" }, signal));
      }
      return found.map(({ id, symbol, name, market_cap_rank }) => ({
        id,
        name,
        ticker: symbol.toUpperCase(),
        rank: market_cap_rank ?? undefined,
        coinMarketCapId: undefined,
      }));
    },
  };
}

function toFigures(row: z.output<typeof rowSchema> | undefined): CapFigures {
  return {
    price: row?.current_price,
    supply: row?.circulating_supply,
    marketCap: row?.market_cap,
  };
}

/** Cuts a list into parts of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < items.length; i += size) parts.push(items.slice(i, i + size));
  return parts;
}
