import { DAY_MS, type EpochMs, HOUR_MS } from "../../core/time.ts";
import type { CapSeries, Coin, MarketCapHistory } from "../../ports/market_caps.ts";
import type { CapRange } from "../../http/queries/cap_queries.ts";

/** Market caps at equal steps of time, the last of which is now. */
export interface CapHistory {
  readonly range: CapRange;
  readonly stepMs: number;
  /** Ascending. */
  readonly times: readonly EpochMs[];
  readonly series: readonly CapSeries[];
  /** Earlier values are derived; `undefined` without snapshots. */
  readonly firstSnapshot: EpochMs | undefined;
}

const LENGTH: Record<Exclude<CapRange, "all">, readonly [days: number, stepMs: number]> = {
  "7d": [7, 2 * HOUR_MS],
  "30d": [30, 6 * HOUR_MS],
  "90d": [90, DAY_MS],
  "1y": [365, 3 * DAY_MS],
};
/** Maximum number of steps for the full history. */
const MAX_STEPS = 180;

/** Market caps over the range; a snapshot is valid for one step, so only longer gaps show. */
export async function readCapHistory(
  history: MarketCapHistory,
  coins: readonly Coin[],
  { range, now }: { readonly range: CapRange; readonly now: EpochMs },
): Promise<CapHistory> {
  const { firstSnapshot, firstClose } = await history.begin(coins);
  const oldest = Math.min(firstSnapshot ?? now, firstClose ?? now);
  const [from, stepMs] = range === "all" ? wholeRange(oldest, now) : rangeOf(range, now);
  const times: EpochMs[] = [];
  for (let i = Math.ceil(Math.max(from, oldest) / stepMs); i * stepMs < now; i++) {
    times.push(i * stepMs);
  }
  times.push(now);
  return { range, stepMs, times, firstSnapshot, series: await history.at(coins, times, stepMs) };
}

function rangeOf(range: Exclude<CapRange, "all">, now: EpochMs): [EpochMs, number] {
  const [days, stepMs] = LENGTH[range];
  return [now - days * DAY_MS, stepMs];
}

function wholeRange(oldest: EpochMs, now: EpochMs): [EpochMs, number] {
  const days = Math.ceil((now - oldest) / DAY_MS / MAX_STEPS);
  return [oldest, Math.max(1, days) * DAY_MS];
}
