import { AppError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { MarketSymbol } from "../ports/kline_source.ts";
import type { CandleOrigin } from "../ports/run_ledger.ts";
import type { CollectorDeps } from "./collect.ts";

/** Files need the exchange for its clock and its list only: without an answer they go on. */
const PATIENCE_MS = 5 * SECOND_MS;

/** What the files of one command or run find out about the exchange together. */
export interface ExchangeContact {
  readonly now: () => EpochMs;
  readonly signal: AbortSignal;
  /** It did not answer: it is not asked again, and our clock has to do. */
  isSilent?: boolean;
}

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
  contact: ExchangeContact,
): Promise<EpochMs> {
  if (!await isKnown(store, series)) {
    const listed = await askExchange(contact, (patience) => source.listSymbols(patience));
    const found = listed?.symbols.find(({ symbol }) => symbol === series.symbol);
    const isListed = found !== undefined || listed?.isWhole === false ||
      listed?.unreadable.includes(series.symbol);
    if (!isListed && listed !== undefined && series.origin === "file") {
      throw new AppError("not_found", `Cannot find symbol on Binance: ${series.symbol}`);
    }
    await store.saveSymbols([found ?? unlisted(series)]);
    await store.openSeries(series);
  }
  return await askExchange(contact, (patience) => source.serverTime(patience)) ?? contact.now();
}

/** The exchange's answer, `undefined` when it does not answer or refuses. */
export async function askExchange<T>(
  contact: ExchangeContact,
  question: (patience: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  if (contact.isSilent) return undefined;
  try {
    return await question(AbortSignal.any([contact.signal, AbortSignal.timeout(PATIENCE_MS)]));
  } catch (error) {
    contact.signal.throwIfAborted();
    const isAnswer = error instanceof AppError &&
      (error.code === "not_found" || error.code === "bad_payload");
    contact.isSilent = !isAnswer;
    return undefined;
  }
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
    symbol,
    baseAsset: symbol,
    quoteAsset: "",
    status: "UNKNOWN",
    tickSize: undefined,
    stepSize: undefined,
    filters: undefined,
  };
}
