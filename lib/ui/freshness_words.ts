import { ageOf, freshnessOf } from "../core/freshness.ts";
import { endOf, type Interval } from "../core/interval.ts";
import { DAY_MS, type EpochMs } from "../core/time.ts";
import { ageText, clockText, dayText, minuteText } from "../chart/time_text.ts";

export type BadgeKind = "fresh" | "late" | "stale" | "collecting" | "offline" | "frozen";

/** What a badge says: a word for its state, and a detail. */
export interface BadgeWords {
  readonly kind: BadgeKind;
  readonly word: string;
  readonly detail: string;
}

/** What decides how current a chart is. */
export interface ChartState {
  readonly interval: Interval;
  readonly lastOpenTime: EpochMs | undefined;
  /** Why the exchange does not answer. */
  readonly failure: string | undefined;
  /** End of a range that will not move. */
  readonly frozenTo: EpochMs | undefined;
}

const WORD: Record<BadgeKind, string> = {
  fresh: "Fresh",
  late: "Late",
  stale: "Stale",
  collecting: "Collecting",
  offline: "Offline",
  frozen: "Frozen view",
};

/** A chosen range comes first, then an exchange that fails, then the age of the newest candle. */
export function toBadgeWords(state: ChartState, serverTime: EpochMs): BadgeWords {
  const { interval, lastOpenTime, failure, frozenTo } = state;
  if (frozenTo !== undefined) return words("frozen", `to ${minuteText(frozenTo)}`);
  if (lastOpenTime === undefined) {
    return failure === undefined ? words("collecting", "first candles") : words("offline", "");
  }
  if (failure !== undefined) return words("offline", closedAt(lastOpenTime, interval, serverTime));
  const kind = freshnessOf(lastOpenTime, interval, serverTime);
  return kind === "fresh"
    ? words(kind, closedAt(lastOpenTime, interval, serverTime))
    : words(kind, ageText(ageOf(lastOpenTime, interval, serverTime)));
}

function words(kind: BadgeKind, detail: string): BadgeWords {
  return { kind, word: WORD[kind], detail };
}

function closedAt(lastOpenTime: EpochMs, interval: Interval, serverTime: EpochMs): string {
  const closed = endOf(lastOpenTime, interval);
  const day = serverTime - closed > DAY_MS ? `${dayText(closed)} ` : "";
  return `last closed ${day}${clockText(closed)} UTC`;
}
