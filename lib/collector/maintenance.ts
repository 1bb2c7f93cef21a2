import { endOf } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { DAY_MS, type EpochMs } from "../core/time.ts";
import type { Maintenance, MaintenanceBoard } from "../ports/boards.ts";
import type { Logger } from "../ports/host.ts";
import type { MarketList } from "../ports/kline_source.ts";
import type { KlineStore } from "../ports/kline_store.ts";

/** How many of the exchange's symbols trade. */
export type MarketShare = Pick<Maintenance, "trading" | "listed">;

/** Of all symbols: old ones stay listed as BREAK for ever, so that half of them trading is normal. */
const CLOSED_SHARE = 0.1;
const OPEN_SHARE = 0.5;
/** Held symbols that tell a maintenance from the end of a few of them. */
const MIN_WITNESSES = 3;
/** A symbol that has been silent for longer is no witness: it may have been delisted. */
const RECENT_MS = 3 * DAY_MS;

/**
 * Tells a maintenance of the exchange from the end of single symbols. Next to nothing trades: it is
 * one. Between a tenth and half of all symbols trade: it is one if most of the held symbols that had
 * candles until lately have stopped together.
 */
export async function findMaintenance(
  held: { readonly store: Pick<KlineStore, "getState">; series: readonly Series[]; now: EpochMs },
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

/** Symbols with a candle that ended lately. */
async function findRecent(
  { store, series, now }: Parameters<typeof findMaintenance>[0],
): Promise<Set<string>> {
  const recent = new Set<string>();
  for (const one of series) {
    const state = await store.getState(one).catch(() => undefined);
    const last = state?.lastOpenTime;
    if (last !== undefined && endOf(last, one.interval) > now - RECENT_MS) recent.add(one.symbol);
  }
  return recent;
}

/** Keeps the board current, and logs when a maintenance begins and ends. */
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
