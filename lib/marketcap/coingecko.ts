import { z } from "zod";
import { describeError } from "../core/errors.ts";
import type { EpochMs } from "../core/time.ts";
import type { CoinListStore } from "../ports/coin_list.ts";
import type { Logger } from "../ports/host.ts";
import type {
  Coin,
  CoinCandidate,
  MarketCap,
  MarketCapSource,
  UsdRate,
} from "../ports/market_caps.ts";
import { type CapFigures, toMarketCap } from "./cap_figures.ts";
import { createCoinList } from "./coingecko_list.ts";
import type { ProviderGate } from "./provider_gate.ts";
import { getProviderJson, parseRows, text } from "./provider_http.ts";

export interface ProviderOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly fetch: typeof fetch;
  readonly gate: ProviderGate;
  readonly now: () => EpochMs;
  readonly log: Logger;
}

export interface CoinGeckoOptions extends ProviderOptions {
  readonly list: CoinListStore;
}

/** A row of GET /coins/markets of docs.coingecko.com/v3.0.1: most numbers are nullable. */
const rowSchema = z.object({
  id: text.min(1),
  current_price: z.number().nullable(),
  market_cap: z.number().nullable(),
  market_cap_rank: z.int().nullish(),
  circulating_supply: z.number().nullable(),
});

type Row = z.output<typeof rowSchema>;

const NAME = "coingecko";
/** Most rows per request. */
const PAGE = 250;

/** Reads market caps from CoinGecko, with or without an API key. */
export function createCoinGecko(options: CoinGeckoOptions): MarketCapSource {
  const { now, log } = options;
  const ask = createAsk(options);
  const list = createCoinList(options, toRequest(options, "coins/list"));
  return {
    name: NAME,
    async fetch(coins, signal) {
      const caps: MarketCap[] = [];
      for (const [i, part] of chunks(coins, PAGE).entries()) {
        try {
          const rows = await ask(part.map(({ id }) => id), signal);
          const origin = { source: NAME, takenAt: now(), log };
          caps.push(...part.flatMap((coin) => findCap(coin, rows, origin) ?? []));
        } catch (error) {
          signal.throwIfAborted();
          if (i === 0) throw error;
          log.warn(
            `Market caps of ${coins.length - i * PAGE} coins are derived: ` +
              describeError(error),
          );
          break;
        }
      }
      return caps;
    },
    rates: (_, signal) => readRates(options, signal),
    async lookUp(tickers, signal): Promise<CoinCandidate[]> {
      const listed = await list.find(tickers, signal);
      const ranks = new Map<string, number>();
      for (const part of chunks(listed, PAGE)) {
        for (const { id, market_cap_rank: rank } of await ask(part.map(({ id }) => id), signal)) {
          if (rank) ranks.set(id, Math.min(rank, ranks.get(id) ?? Infinity));
        }
      }
      return listed.map(({ id, ticker, name }) => ({
        id,
        ticker,
        name,
        rank: ranks.get(id),
        coinMarketCapId: undefined,
      }));
    },
  };
}

/** GET /exchange_rates: units for one bitcoin, of currencies and other assets. */
const ratesSchema = z.object({ rates: z.record(z.string(), z.unknown()) });
const rateSchema = z.object({ value: z.number().positive(), type: z.literal("fiat") });

/** Currencies only: codes of other assets there differ from Binance's (`sats`, `bits`). */
async function readRates(options: ProviderOptions, signal: AbortSignal): Promise<UsdRate[]> {
  const request = toRequest(options, "exchange_rates");
  const { rates } = await getProviderJson(options.fetch, request, ratesSchema, signal);
  const values = new Map(
    Object.entries(rates).flatMap(([code, rate]): [string, number][] => {
      const { success, data } = rateSchema.safeParse(rate);
      return success ? [[code.toUpperCase(), data.value]] : [];
    }),
  );
  const dollars = values.get("USD");
  if (dollars === undefined) return [];
  values.delete("USD");
  return [...values].map(([asset, value]) => ({
    asset,
    usd: dollars / value,
    source: NAME,
    takenAt: options.now(),
  }));
}

function toRequest({ url, key, gate }: ProviderOptions, path: string) {
  const headers: Record<string, string> = key === undefined ? {} : { "x-cg-demo-api-key": key };
  return { name: NAME, url: new URL(`/api/v3/${path}`, url), headers, gate };
}

/** Requests the rows of at most `PAGE` coins. */
function createAsk(options: ProviderOptions) {
  const { fetch, log } = options;
  return async (ids: readonly string[], signal: AbortSignal): Promise<Row[]> => {
    const request = toRequest(options, "coins/markets");
    const query = { vs_currency: "usd", ids: ids.join(), per_page: String(PAGE) };
    request.url.search = String(new URLSearchParams(query));
    const rows = await getProviderJson(fetch, request, z.array(z.unknown()), signal);
    return parseRows(rows, rowSchema, { name: NAME, log });
  };
}

/** Of repeated rows the first with plausible figures. */
function findCap(
  coin: Coin,
  rows: readonly Row[],
  origin: Parameters<typeof toMarketCap>[2],
): MarketCap | undefined {
  for (const row of rows) {
    const cap = row.id === coin.id ? toMarketCap(coin, toFigures(row), origin) : undefined;
    if (cap !== undefined) return cap;
  }
  return undefined;
}

function toFigures(row: Row): CapFigures {
  return {
    price: row.current_price,
    supply: row.circulating_supply,
    marketCap: row.market_cap,
  };
}

/** Cuts a list into parts of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < items.length; i += size) parts.push(items.slice(i, i + size));
  return parts;
}
