import { z } from "zod";
import { toDecimal } from "../core/decimal.ts";
import type { EpochMs } from "../core/time.ts";
import type { MarketCapSource } from "../ports/market_caps.ts";
import { getProviderJson } from "./provider_http.ts";

export interface ProviderOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly fetch: typeof fetch;
  readonly now: () => EpochMs;
}

/** GET /coins/markets of docs.coingecko.com/v3.0.1: a bare array, most numbers nullable. */
const schema = z.array(z.object({
  id: z.string(),
  current_price: z.number().nullable(),
  market_cap: z.number().nullable(),
  circulating_supply: z.number().nullable(),
}));

/** CoinGecko, with or without its free key. */
export function createCoinGecko({ url, key, fetch, now }: ProviderOptions): MarketCapSource {
  const name = "coingecko";
  return {
    name,
    async fetch(coins, signal) {
      const request = new URL("/api/v3/coins/markets", url);
      request.search = new URLSearchParams({
        vs_currency: "usd",
        ids: coins.map((coin) => coin.id).join(),
        per_page: "250",
      }).toString();
      const headers: Record<string, string> = key === undefined ? {} : { "x-cg-demo-api-key": key };
      const rows = await getProviderJson(fetch, { name, url: request, headers }, schema, signal);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return coins.flatMap((coin) => {
        const row = byId.get(coin.id);
        if (!row?.current_price || !row.circulating_supply || !row.market_cap) return [];
        return {
          coin: coin.id,
          symbol: coin.ticker,
          price: toDecimal(row.current_price),
          circulatingSupply: toDecimal(row.circulating_supply),
          marketCap: toDecimal(row.market_cap),
          source: name,
          takenAt: now(),
        };
      });
    },
  };
}
