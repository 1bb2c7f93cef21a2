import { z } from "zod";
import { AppError, describeError } from "../core/errors.ts";
import { DAY_MS, type EpochMs } from "../core/time.ts";
import type { CoinListMark, CoinListStore, ListedCoin } from "../ports/coin_list.ts";
import type { Logger } from "../ports/host.ts";
import {
  fetchProvider,
  parsePayload,
  parseRows,
  type ProviderRequest,
  text,
} from "./provider_http.ts";

export interface CoinListDeps {
  readonly list: CoinListStore;
  readonly fetch: typeof fetch;
  readonly now: () => EpochMs;
  readonly log: Logger;
}

export interface CoinList {
  /** Every listed coin with one of the tickers. */
  find(tickers: readonly string[], signal: AbortSignal): Promise<ListedCoin[]>;
}

/** A row of GET /coins/list of docs.coingecko.com/v3.0.1. */
const rowSchema = z.object({ id: text.min(1), symbol: text.min(1), name: text });

/** The list is requested again after this time; sooner, daily, for tickers that it lacks. */
const FRESH_MS = 7 * DAY_MS;
/** A list that has shrunk by more was cut. */
const MIN_KEPT = 0.5;

/** CoinGecko's list of about 17,000 coins, which has tickers but no ranks. */
export function createCoinList(deps: CoinListDeps, request: ProviderRequest): CoinList {
  const { list, log, now } = deps;
  return {
    async find(tickers, signal) {
      const [mark, known] = await Promise.all([list.read(), list.find(tickers)]);
      // A later time was recorded while this machine's clock was wrong.
      const ageMs = mark === undefined || mark.readAt > now() ? Infinity : now() - mark.readAt;
      const tickersKnown = new Set(known.map(({ ticker }) => ticker));
      const lacksAny = tickers.some((ticker) => !tickersKnown.has(ticker));
      if (ageMs < DAY_MS || ageMs < FRESH_MS && !lacksAny) return known;
      try {
        await refresh(deps, request, mark, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (mark === undefined || !(error instanceof AppError)) throw error;
        log.warn(`Using the list of coins of an earlier day: ${describeError(error)}`);
        return known;
      }
      return await list.find(tickers);
    },
  };
}

async function refresh(
  { list, fetch, now, log }: CoinListDeps,
  request: ProviderRequest,
  mark: CoinListMark | undefined,
  signal: AbortSignal,
): Promise<void> {
  const headers = mark?.etag === undefined
    ? request.headers
    : { ...request.headers, "if-none-match": mark.etag };
  const { body, etag, isUnchanged } = await fetchProvider(fetch, { ...request, headers }, signal);
  if (isUnchanged) return await list.confirm(now());
  const rows = parseRows(parsePayload(z.array(z.unknown()), body, request.name), rowSchema, {
    name: request.name,
    log,
  });
  const coins = new Map<string, ListedCoin>();
  for (const { id, symbol, name } of rows) {
    if (!coins.has(id)) coins.set(id, { id, name, ticker: symbol.toUpperCase() });
  }
  if (coins.size === 0 || coins.size < (mark?.count ?? 0) * MIN_KEPT) {
    throw new AppError(
      "bad_payload",
      `Cannot read the list of coins of ${request.name}: it has ${coins.size} coins, and had ` +
        `${mark?.count ?? 0} before`,
    );
  }
  await list.replace([...coins.values()], { etag, readAt: now() });
}
