import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { toPlainText } from "../core/text/plain_text.ts";
import { type EpochMs, HOUR_MS } from "../core/time.ts";
import type { Logger } from "../ports/host.ts";
import type { CoinCandidate, MarketCapSource, UsdRate } from "../ports/market_caps.ts";
import { type CapFigures, toMarketCap } from "./cap_figures.ts";
import { chunks, type ProviderOptions } from "./coingecko.ts";
import { getProviderJson, parseRows, text } from "./provider_http.ts";

const NAME = "coinmarketcap";

/** A coin in /v1/cryptocurrency/listings/latest and /v2/cryptocurrency/quotes/latest. */
const rowSchema = z.object({
  id: z.int(),
  circulating_supply: z.number().nullable(),
  quote: z.object({
    USD: z.object({ price: z.number().nullable(), market_cap: z.number().nullable() }),
  }),
});

/** A coin in /v1/cryptocurrency/map. */
const mapSchema = z.object({
  id: z.int(),
  name: text,
  symbol: text,
  slug: text.min(1),
  rank: z.int().nullish(),
});

/** error_code 0 is success; a failure may come with HTTP 200. */
const answerSchema = z.object({
  status: z.object({ error_code: z.int(), error_message: z.string().nullish() }),
  data: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullish(),
});

/** Rows of the listing, by market cap. Coins beyond this rank are requested by id. */
const LIMIT = 500;
const IDS = 100;
/** Rows of a page of the list of all coins, and the most pages. */
const MAP_PAGE = 5000;
const MAP_PAGES = 4;
/** Lookups of many tickers come in parts; the list of all coins serves all of them. */
const MAP_MS = HOUR_MS;

type Ask = ReturnType<typeof createAsk>;
type Row = z.output<typeof rowSchema>;

export function createCoinMarketCap(options: ProviderOptions): MarketCapSource {
  const { now, log } = options;
  const ask = createAsk(options);
  return {
    name: NAME,
    async fetch(coins, signal) {
      const listings = { limit: String(LIMIT), convert: "USD" };
      const rows = await ask("v1/cryptocurrency/listings/latest", listings, rowSchema, signal);
      const byId = new Map(rows.map((row) => [row.id, row]));
      const others = coins.flatMap(({ coinMarketCapId: id }) =>
        id === undefined || byId.has(id) ? [] : [id]
      );
      for (const ids of chunks(others, IDS)) {
        for (const row of await fetchQuotes(ask, ids, log, signal)) byId.set(row.id, row);
      }
      const origin = { source: NAME, takenAt: now(), log };
      return coins.flatMap((coin) =>
        toMarketCap(coin, toFigures(byId.get(coin.coinMarketCapId ?? 0)), origin) ?? []
      );
    },
    rates: (assets, signal) => readRates(ask, assets, { now: now(), signal }),
    lookUp: createLookUp(ask, options),
  };
}

/** Sends a request, and returns the valid rows of its answer. */
function createAsk({ url, key, fetch, log, gate }: ProviderOptions) {
  const headers = { "X-CMC_PRO_API_KEY": key ?? "" };
  return async <T extends z.ZodType>(
    path: string,
    query: Record<string, string>,
    schema: T,
    signal: AbortSignal,
  ) => {
    const request = new URL(`/${path}`, url);
    request.search = String(new URLSearchParams(query));
    const asked = { name: NAME, url: request, headers, gate };
    const { status, data } = await getProviderJson(fetch, asked, answerSchema, signal);
    if (status.error_code !== 0) {
      const reason = toPlainText(status.error_message ?? String(status.error_code), 300);
      throw new AppError("exchange_unavailable", `Cannot get market caps from ${NAME}: ${reason}`);
    }
    return parseRows(Object.values(data ?? []).flat(), schema, { name: NAME, log });
  };
}

/** Prices and supplies by id. A failure is logged and costs only these coins. */
async function fetchQuotes(
  ask: Ask,
  ids: readonly number[],
  log: Logger,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const query = { id: ids.join(), convert: "USD" };
  try {
    return await ask("v2/cryptocurrency/quotes/latest", query, rowSchema, signal);
  } catch (error) {
    signal.throwIfAborted();
    log.warn(`Cannot get lower-ranked coins from ${NAME}: ${(error as Error).message}`);
    return [];
  }
}

/** GET /v2/tools/price-conversion of one unit: one request for each currency. */
const conversionSchema = z.object({
  quote: z.object({ USD: z.object({ price: z.number().positive() }) }),
});

async function readRates(
  ask: Ask,
  assets: readonly string[],
  { now, signal }: { readonly now: EpochMs; readonly signal: AbortSignal },
): Promise<UsdRate[]> {
  const rates: UsdRate[] = [];
  for (const asset of assets) {
    const query = { amount: "1", symbol: asset, convert: "USD" };
    try {
      const [row] = await ask("v2/tools/price-conversion", query, conversionSchema, signal);
      if (row) rates.push({ asset, usd: row.quote.USD.price, source: NAME, takenAt: now });
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return rates;
}

/** True for the answer to a symbol that the provider does not know. */
function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.message.endsWith("HTTP 400");
}

/** Looks tickers up in the list of all coins, by rank, which is kept for an hour. */
function createLookUp(ask: Ask, { now }: ProviderOptions): MarketCapSource["lookUp"] {
  let map: { readonly readAt: EpochMs; readonly coins: readonly CoinCandidate[] } | undefined;
  return async (tickers, signal) => {
    if (map === undefined || now() - map.readAt >= MAP_MS) {
      map = { readAt: now(), coins: await readMap(ask, signal) };
    }
    const wanted = new Set(tickers);
    return map.coins.filter(({ ticker }) => wanted.has(ticker));
  };
}

async function readMap(ask: Ask, signal: AbortSignal): Promise<CoinCandidate[]> {
  const coins: CoinCandidate[] = [];
  for (let page = 0; page < MAP_PAGES; page++) {
    const start = String(page * MAP_PAGE + 1);
    const query = { start, limit: String(MAP_PAGE), sort: "cmc_rank" };
    const rows = await ask("v1/cryptocurrency/map", query, mapSchema, signal);
    coins.push(...rows.map(toCandidate));
    if (rows.length < MAP_PAGE / 2) break; // the last page, even if some rows were malformed
  }
  return coins;
}

function toCandidate(
  { id, name, slug, symbol, rank }: z.output<typeof mapSchema>,
): CoinCandidate {
  return {
    name,
    id: slug,
    ticker: symbol.toUpperCase(),
    rank: rank ?? undefined,
    coinMarketCapId: id,
  };
}

function toFigures(row: Row | undefined): CapFigures {
  const { price, market_cap: marketCap } = row?.quote.USD ?? {};
  return { price, marketCap, supply: row?.circulating_supply };
}
