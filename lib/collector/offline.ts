import { AppError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { CandleOrigin, MarketSymbol } from "../ports.ts";
import type { CollectorDeps } from "./collect.ts";

/** Files need the exchange for its clock and its list only: without an answer they go on. */
const PATIENCE_MS = 5 * SECOND_MS;

/**
 * Makes a series known to the store for candles that come from files, and returns the exchange's
 * clock, or ours when it does not answer.
 *
 * @throws `not_found` for a symbol that the exchange does not have and that no checked file of its
 *   archive is about
 */
export async function prepareOffline(
  { source, store }: CollectorDeps,
  series: Series & { readonly origin: CandleOrigin },
  { now, signal }: { readonly now: () => EpochMs; readonly signal: AbortSignal },
): Promise<EpochMs> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  if (!await isKnown(store, series)) {
    const listed = await source.listSymbols(patience).catch(() => undefined);
    const found = listed?.find(({ symbol }) => symbol === series.symbol);
    if (found === undefined && listed !== undefined && series.origin === "file") {
      throw new AppError("not_found", `Cannot find symbol on Binance: ${series.symbol}`);
    }
    await store.saveSymbols([found ?? unlisted(series)]);
    await store.openSeries(series);
  }
  const serverTime = await source.serverTime(patience).catch(() => now());
  signal.throwIfAborted();
  return serverTime;
}

async function isKnown(store: CollectorDeps["store"], series: Series): Promise<boolean> {
  try {
    await store.openSeries(series);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return false;
    throw error;
  }
}

/** Until the exchange says which assets a symbol is made of: guessing by its end goes wrong. */
function unlisted({ symbol }: Series): MarketSymbol {
  return {
    ...{ symbol, baseAsset: symbol, quoteAsset: "", status: "UNKNOWN" },
    ...{ tickSize: undefined, stepSize: undefined },
  };
}
