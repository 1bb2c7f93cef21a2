import { AppError } from "../../core/errors.ts";
import type { Series } from "../../core/kline.ts";
import { type EpochMs, SECOND_MS } from "../../core/time.ts";
import type { MarketSymbol } from "../../ports/kline_source.ts";
import type { CandleOrigin } from "../../ports/run_ledger.ts";
import type { CollectorDeps } from "../collect.ts";

/**
 * Files need the exchange only for its clock and symbol list, and are imported without them if it
 * is unreachable.
 */
const PATIENCE_MS = 5 * SECOND_MS;

/** State about the exchange that the files of one command or run share. */
export interface ExchangeContact {
  readonly now: () => EpochMs;
  readonly signal: AbortSignal;
  /** It did not respond: it is not requested again, and the local clock is used. */
  isSilent?: boolean;
}

/**
 * Registers a series in the database for candles from files, and returns the exchange's clock, or
 * the local one if the exchange is unreachable.
 * @throws `not_found` for a symbol that the exchange does not have, unless a verified archive file
 * contains it
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

/** The exchange's response; `undefined` if it is unreachable or rejects the request. */
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

/** Until exchangeInfo gives the assets of the symbol: guessing them by the ending can be wrong. */
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
