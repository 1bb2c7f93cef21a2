import { endOf } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { DAY_MS, type EpochMs } from "../core/time.ts";
import type { Maintenance, MaintenanceBoard } from "../ports/boards.ts";
import type { Logger } from "../ports/host.ts";
import type { MarketList } from "../ports/kline_source.ts";
import type { KlineStore } from "../ports/kline_store.ts";

/** The share of the exchange's symbols that are trading. */
export type MarketShare = Pick<Maintenance, "trading" | "listed">;

/** Of all symbols. Old symbols stay listed as BREAK for ever, so half of them trading is normal. */
const CLOSED_SHARE = 0.1;
const OPEN_SHARE = 0.5;
/** Stored symbols needed to distinguish a maintenance from a few delistings. */
const MIN_WITNESSES = 3;
/** A symbol without candles for longer may have been delisted, and is not counted. */
const RECENT_MS = 3 * DAY_MS;

/**
 * Distinguishes a maintenance of the exchange from single delistings. It is a maintenance if almost
 * no symbols trade, or if a tenth to half of all symbols trade and most stored symbols with recent
 * candles have stopped.
 */
export async function findMaintenance(
  held: { readonly store: Pick<KlineStore, "listStates">; series: readonly Series[]; now: EpochMs },
  { symbols, isWhole }: MarketList,
): Promise<MarketShare | undefined> {
  const trading = symbols.filter(({ status }) => status === "TRADING").length;
  const share = { trading, listed: symbols.length };
  const part = trading / symbols.length;
  if (part >= OPEN_SHARE || (!isWhole && symbols.length < MIN_WITNESSES)) return undefined;
  if (part < CLOSED_SHARE) return share;
  const statuses = new Map(symbols.map(({ symbol, status }) => [symbol, status]));
  const witnesses = [...await findRecent(held)].filter((symbol) => statuses.has(symbol));
  const stopped = witnesses.filter((symbol) => statuses.get(symbol) !== "TRADING");
  const isShared = witnesses.length >= MIN_WITNESSES && stopped.length * 2 > witnesses.length;
  return isShared ? share : undefined;
}

/** Symbols with a recent candle. */
async function findRecent(
  { store, series, now }: Parameters<typeof findMaintenance>[0],
): Promise<Set<string>> {
  const recent = new Set<string>();
  const states = await store.listStates();
  for (const one of series) {
    const last = states.get(seriesName(one))?.lastOpenTime;
    if (last !== undefined && endOf(last, one.interval) > now - RECENT_MS) recent.add(one.symbol);
  }
  return recent;
}

/** Updates the board, and logs the start and end of a maintenance. */
export function createMaintenanceWatch(
  board: MaintenanceBoard,
  now: () => EpochMs,
  log: Logger,
): (evidence: MarketShare | undefined) => Promise<void> {
  return async (evidence) => {
    const known = await board.read();
    if (evidence === undefined) {
      if (known === undefined) return;
      await board.write(undefined);
      log.info("Binance is trading again: the maintenance is over");
      return;
    }
    if (known === undefined) {
      const { trading, listed } = evidence;
      log.warn(`Binance is under maintenance: ${trading} of ${listed} symbols are trading`);
    }
    await board.write({ ...evidence, since: known?.since ?? now() });
  };
}
