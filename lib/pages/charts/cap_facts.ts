import type { PieCoin, PieRow } from "../components/cap_view.ts";

/** A coin and its market cap without names of fields, which would fill half of what is sent. */
export type CapFacts = readonly [
  id: string,
  ticker: string,
  wraps: string | undefined,
  row?: readonly [symbol: string, marketCap: number, source: string, takenAt: number],
];

/** Packs coins with their newest market caps for the browser. */
export function packCaps(coins: readonly PieCoin[], rows: readonly PieRow[]): CapFacts[] {
  const rowOf = new Map(rows.map((row) => [row.coin, row]));
  return coins.map(({ id, ticker, wraps }) => {
    const row = rowOf.get(id);
    return row === undefined
      ? [id, ticker, wraps]
      : [id, ticker, wraps, [row.symbol, row.market_cap, row.source, row.taken_at]];
  });
}

export function unpackCaps(facts: readonly CapFacts[]) {
  const coins = facts.map(([id, ticker, wraps]): PieCoin => ({ id, ticker, wraps }));
  const rows = facts.flatMap(([coin, , , row]): PieRow[] => {
    if (row === undefined) return [];
    const [symbol, marketCap, source, takenAt] = row;
    return [{ coin, symbol, market_cap: marketCap, source, taken_at: takenAt }];
  });
  return { coins, rows };
}
