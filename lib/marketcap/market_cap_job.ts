import { AppError, describeError } from "../core/errors.ts";
import { type EpochMs, HOUR_MS } from "../core/time.ts";
import type {
  CoinCandidate,
  CoinDirectory,
  CoinList,
  CoinStore,
  KnownCoin,
  MarketCapSource,
  UnresolvedCoin,
  UsdRate,
} from "../ports/market_caps.ts";
import { isCurrency, lookupNames } from "./assets.ts";
import { findAmbiguous, isLookupDue } from "./coins.ts";
import { chunks } from "./coingecko.ts";
import { findUsdPath, groupByAsset } from "./usd_path.ts";
import { type SnapshotDeps, takeSnapshot } from "./snapshot.ts";

export interface MarketCapJobDeps extends SnapshotDeps {
  readonly directory: CoinDirectory;
  readonly coins: Pick<CoinStore, "save">;
}

/**
 * Makes the job that takes a snapshot of the configured coins. It first looks up unknown base
 * assets, afterwards those without an answer, each at most once a day; ambiguous tickers again
 * after a month.
 */
export function createMarketCapJob(deps: MarketCapJobDeps): (signal: AbortSignal) => Promise<void> {
  const { directory, log } = deps;
  const asked: AskedRates = { at: -Infinity, assets: new Set() };
  let reported = "";
  let isFailing = false; // an outage is reported once
  return async (signal) => {
    let list = await directory.list();
    const unknown = [
      ...list.unresolved.filter(({ isCoin }) => isCoin),
      ...findAmbiguous(list.coins, deps.now()),
    ];
    let failure: unknown;
    const isFound = await lookUp(deps, unknown, signal, (error) => {
      failure = error;
      if (!isFailing) log.warn(`Cannot look up coins: ${describeError(error)}`);
      isFailing = true;
    });
    if (isFound) {
      isFailing = false;
      list = await directory.list();
    }
    const words = describeUnresolved(list.unresolved);
    if (failure === undefined && words !== reported && words !== "") {
      log.warn(`No market cap for ${words}`);
    }
    reported = words;
    if (list.coins.length === 0 && failure !== undefined) throw failure;
    if (list.coins.length === 0) return;
    const caps = await takeSnapshot(deps, list.coins, signal);
    await updateRates(deps, list, asked, signal);
    const given = new Set(caps.flatMap(({ coin, source }) => source === "derived" ? [] : [coin]));
    if (given.size === 0) return; // the provider is down
    const absent = list.coins.filter(({ id }) => !given.has(id));
    if (!await lookUp(deps, absent, signal)) return;
    const found = findMoved(list, await directory.list());
    if (found.length > 0) await takeSnapshot(deps, found, signal);
  };
}

/** Exchange rates change little: one request an hour. */
const RATES_MS = HOUR_MS;

/** The last successful request for exchange rates. */
interface AskedRates {
  at: EpochMs;
  assets: ReadonlySet<string>;
}

/**
 * Stores the provider's exchange rates. A failure leaves the last ones; a currency that the
 * provider does not know is requested again after an hour.
 */
async function updateRates(
  { source, store, now, log }: MarketCapJobDeps,
  { own, markets }: CoinList,
  asked: AskedRates,
  signal: AbortSignal,
): Promise<void> {
  const stored = await store.rates();
  const collected = groupByAsset(markets);
  const needed = [...new Set(own.map(({ quote }) => quote))].filter((quote) =>
    isCurrency(quote) && findUsdPath(quote, collected) === undefined
  );
  const isRecent = (time: EpochMs) => time <= now() && now() - time < RATES_MS;
  const isFresh = ({ source: from, takenAt }: UsdRate) => from === source.name && isRecent(takenAt);
  const isStored = (asset: string) => stored.some((one) => one.asset === asset);
  if (isRecent(asked.at) && needed.every((asset) => asked.assets.has(asset))) return;
  if (stored.some(isFresh) && needed.every(isStored)) return;
  try {
    const rates = await source.rates(needed, signal);
    asked.at = now();
    asked.assets = new Set(needed);
    if (rates.length > 0) await store.saveRates(rates);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error.code === "store_unavailable") throw error;
    log.debug(`Cannot get exchange rates: ${describeError(error)}`);
  }
}

/** Returns whether anything was looked up. Failed lookups are repeated. */
async function lookUp(
  { coins: store, source, now, log }: MarketCapJobDeps,
  coins: readonly { readonly ticker: string; readonly checkedAt: number | undefined }[],
  signal: AbortSignal,
  onFailure?: (error: AppError) => void,
): Promise<boolean> {
  const due = coins.filter(({ checkedAt }) => isLookupDue(checkedAt, now()));
  if (due.length === 0) return false;
  let saved = 0;
  try {
    for (const part of chunks(due, LOOKUPS)) {
      const tickers = part.map(({ ticker }) => ticker);
      await store.save(await lookUpCoins(source, tickers, { now: now(), signal }));
      saved += part.length;
    }
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error.code === "store_unavailable") throw error;
    log.debug(`Cannot look up coins: ${describeError(error)}`);
    onFailure?.(error);
    return saved > 0;
  }
}

/** Tickers whose coins are stored at once, so that a failure loses no others. */
const LOOKUPS = 40;

/** Coins that a lookup found with another id. */
function findMoved(before: CoinList, after: CoinList) {
  const key = ({ id, coinMarketCapId }: CoinList["coins"][number]) => `${id} ${coinMarketCapId}`;
  const known = new Set(before.coins.map(key));
  return after.coins.filter((coin) => !known.has(key(coin)));
}

/** `EUR (a currency, not a coin), NOPE (CoinGecko lists no such coin)` */
export function describeUnresolved(unresolved: readonly UnresolvedCoin[]): string {
  return unresolved.map(({ ticker, reason }) => `${ticker} (${reason})`).join(", ");
}

/** Looks up the coins of Binance's tickers; takes the largest of several. */
async function lookUpCoins(
  source: MarketCapSource,
  tickers: readonly string[],
  { now, signal }: { readonly now: EpochMs; readonly signal: AbortSignal },
): Promise<KnownCoin[]> {
  const names = new Set(tickers.flatMap((ticker) => lookupNames(ticker).map(({ name }) => name)));
  const candidates = await source.lookUp([...names], signal);
  return tickers.map((ticker) => {
    const found = lookupNames(ticker).flatMap(({ name, multiplier }, place) =>
      candidates.filter((one) => one.ticker === name).map((one) => ({ ...one, multiplier, place }))
    ).sort(byPreference);
    const [best] = found;
    return {
      ticker,
      id: best?.id,
      name: best?.name,
      rank: best?.rank,
      coinMarketCapId: best?.coinMarketCapId,
      multiplier: best?.multiplier ?? 1,
      candidates: found.filter(({ ticker: name }) => name === best?.ticker).length,
      provider: source.name,
      checkedAt: now,
    };
  });
}

interface NamedCandidate extends CoinCandidate {
  /** Position of its ticker among those of the base asset. */
  readonly place: number;
}

/** Ranked coins first, then later tickers of a renamed coin, then the larger market cap. */
function byPreference(a: NamedCandidate, b: NamedCandidate): number {
  const unranked = ({ rank }: NamedCandidate) => Number(rank === undefined);
  return unranked(a) - unranked(b) || a.place - b.place || (a.rank ?? 0) - (b.rank ?? 0);
}
