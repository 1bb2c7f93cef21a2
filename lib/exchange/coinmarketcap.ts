import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { toDecimal } from "../core/decimal.ts";
import type { MarketCapSource } from "../ports/market_caps.ts";
import type { ProviderOptions } from "./coingecko.ts";
import { getProviderJson } from "./provider_http.ts";

/** GET /v1/cryptocurrency/listings/latest of coinmarketcap.com/api: success is error_code 0. */
const schema = z.object({
  status: z.object({ error_code: z.int(), error_message: z.string().nullish() }),
  data: z.array(z.object({
    id: z.int(),
    circulating_supply: z.number().nullable(),
    quote: z.object({
      USD: z.object({ price: z.number().nullable(), market_cap: z.number().nullable() }),
    }),
  })).default([]),
});

/** Coins beyond this rank are not found; the default order is by market cap. */
const LIMIT = 500;

export function createCoinMarketCap({ url, key, fetch, now }: ProviderOptions): MarketCapSource {
  const name = "coinmarketcap";
  return {
    name,
    async fetch(coins, signal) {
      const request = new URL("/v1/cryptocurrency/listings/latest", url);
      request.search = new URLSearchParams({ limit: String(LIMIT), convert: "USD" }).toString();
      const headers = { "X-CMC_PRO_API_KEY": key ?? "" };
      const { status, data } = await getProviderJson(
        fetch,
        { name, url: request, headers },
        schema,
        signal,
      );
      if (status.error_code !== 0) {
        throw new AppError(
          "exchange_unavailable",
          `Cannot get market caps from ${name}: ${status.error_message ?? status.error_code}`,
        );
      }
      const byId = new Map(data.map((row) => [row.id, row]));
      return coins.flatMap((coin) => {
        const row = byId.get(coin.coinMarketCapId);
        const { price, market_cap: marketCap } = row?.quote.USD ?? {};
        if (!row?.circulating_supply || !price || !marketCap) return [];
        return {
          coin: coin.id,
          symbol: coin.ticker,
          price: toDecimal(price),
          circulatingSupply: toDecimal(row.circulating_supply),
          marketCap: toDecimal(marketCap),
          source: name,
          takenAt: now(),
        };
      });
    },
  };
}
