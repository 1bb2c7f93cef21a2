import { ageOf, freshnessOf } from "../../core/freshness.ts";
import { endOf, type Interval } from "../../core/interval.ts";
import { DAY_MS, type EpochMs } from "../../core/time.ts";
import { type LiveState, SILENCE_MS } from "../../chart/session/live_state.ts";
import { ageText, clockText, dayText, minuteText } from "../../core/text/time_text.ts";

export type BadgeKind = "live" | "fresh" | "late" | "stale" | "collecting" | "offline" | "frozen";

/** A badge's text: a word for its state, and a detail. */
export interface BadgeWords {
  readonly kind: BadgeKind;
  readonly word: string;
  readonly detail: string;
}

/** Facts that determine the freshness of a chart. */
export interface ChartState {
  readonly interval: Interval;
  readonly lastOpenTime: EpochMs | undefined;
  /** The reason why the exchange is unreachable. */
  readonly failure: string | undefined;
  /** End of a fixed range. */
  readonly frozenTo: EpochMs | undefined;
  /** For a live chart: the connection's state, and the time since the last message. */
  readonly line?: { readonly state: LiveState; readonly silentMs: number } | undefined;
}

const POLLING = "updates every 30 s";
/** Another window of the browser has the stream. */
const SHARING = "updates every 5 s";

const WORD: Record<BadgeKind, string> = {
  live: "Live",
  fresh: "Fresh",
  late: "Late",
  stale: "Stale",
  collecting: "Collecting",
  offline: "Offline",
  frozen: "Frozen view",
};

/**
 * In order of precedence: a chosen range, a failing exchange, the age of the newest candle, the
 * connection to the server.
 */
export function toBadgeWords(state: ChartState, serverTime: EpochMs): BadgeWords {
  const { interval, lastOpenTime, failure, frozenTo, line } = state;
  if (frozenTo !== undefined) return words("frozen", `to ${minuteText(frozenTo)}`);
  if (lastOpenTime === undefined) {
    return failure === undefined ? words("collecting", "first candles") : words("offline", "");
  }
  if (failure !== undefined) return words("offline", closedAt(lastOpenTime, interval, serverTime));
  const kind = freshnessOf(lastOpenTime, interval, serverTime);
  if (kind !== "fresh") return words(kind, ageText(ageOf(lastOpenTime, interval, serverTime)));
  if (line?.state === "live" && line.silentMs <= SILENCE_MS) {
    return words("live", ageText(line.silentMs));
  }
  if (line?.state === "polling" && line.silentMs <= SILENCE_MS) return words("fresh", SHARING);
  // Without a stream the chart may be behind by the polling interval.
  if (line && /live|lost|polling/.test(line.state)) return words("late", POLLING);
  return words(kind, closedAt(lastOpenTime, interval, serverTime));
}

function words(kind: BadgeKind, detail: string): BadgeWords {
  return { kind, word: WORD[kind], detail };
}

function closedAt(lastOpenTime: EpochMs, interval: Interval, serverTime: EpochMs): string {
  const closed = endOf(lastOpenTime, interval);
  const day = serverTime - closed > DAY_MS ? `${dayText(closed)} ` : "";
  return `last closed ${day}${clockText(closed)} UTC`;
}
