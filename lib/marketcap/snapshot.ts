import { AppError, describeError } from "../core/errors.ts";
import type { EpochMs } from "../core/time.ts";
import type { Logger } from "../ports/host.ts";
import type { Coin, MarketCap, MarketCapSource, MarketCapStore } from "../ports/market_caps.ts";
import { deriveCaps } from "./derived_caps.ts";
import { usdSymbolsOf } from "./usd_prices.ts";

export interface SnapshotDeps {
  readonly source: MarketCapSource;
  readonly store: MarketCapStore;
  readonly now: () => EpochMs;
  readonly log: Logger;
}

/**
 * Stores the provider's market caps. Coins missing from its answer, or all while it is down, are
 * derived and marked as derived: last known supply times last stored close.
 *
 * @throws the provider's error, when nothing could be derived either
 */
export async function takeSnapshot(
  { source, store, now, log }: SnapshotDeps,
  coins: readonly Coin[],
  signal: AbortSignal,
): Promise<MarketCap[]> {
  let given: MarketCap[] = [];
  let failure: unknown;
  try {
    given = await source.fetch(coins, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    failure = error;
    log.debug(`Deriving market caps from the last known supplies: ${describeError(error)}`);
  }
  const missing = coins.filter((coin) => !given.some((cap) => cap.coin === coin.id));
  const derived = missing.length === 0 ? [] : await derive(store, missing, now());
  const caps = [...given, ...derived];
  if (caps.length === 0 && failure !== undefined) throw failure;
  await store.save(caps);
  log.info("Stored market caps", { given: given.length, derived: derived.length });
  return caps;
}

async function derive(
  store: MarketCapStore,
  coins: readonly Coin[],
  now: EpochMs,
): Promise<MarketCap[]> {
  const [newest, closes] = await Promise.all([
    store.newest(coins),
    store.closes(usdSymbolsOf(coins), now),
  ]);
  return deriveCaps(coins, { newest, closes, now });
}
