import {
  type EpochMs,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  type TimeRange,
} from "../../../lib/core/time.ts";
import type { Outage } from "./outages.ts";
import { mixText } from "./random.ts";

/** A time in which candles open off the grid: at whole intervals since the epoch plus `offset`. */
export interface OffGrid extends TimeRange {
  /** On-grid candles are absent from here on. */
  readonly silentFrom: EpochMs;
  readonly offset: number;
}

/**
 * Last off-grid candle: it closes this long after its successor has opened, as in February 2018.
 */
const OVERLAP_MS = 999;

/** When a symbol is traded, to the second, and the effects of outages on its candles. */
export class TradingHours {
  readonly offGrid: OffGrid | undefined;
  /** Ascending, not adjacent, whole seconds. */
  readonly #sessions: TimeRange[] = [];
  /** Outages that interrupted this symbol's trading. */
  readonly #outages: readonly Outage[];

  constructor(symbol: string, lives: readonly TimeRange[], outages: readonly Outage[]) {
    const own = outages.map((outage) => spread(symbol, outage)).sort((a, b) => a.from - b.from);
    for (const life of lives) this.#addLife(life, own);
    this.#outages = own.filter((outage) =>
      lives.some((life) => life.from < outage.from && outage.from < life.to)
    );
    this.offGrid = this.#outages.map(toOffGrid).find((found) => found !== undefined);
  }

  #addLife({ from, to }: TimeRange, outages: readonly Outage[]): void {
    let open = from;
    for (const outage of outages) {
      if (outage.to <= open || outage.from >= to) continue;
      this.#addSession(open, outage.from);
      open = outage.to;
    }
    this.#addSession(open, to);
  }

  #addSession(from: EpochMs, to: EpochMs): void {
    const whole = {
      from: Math.ceil(from / SECOND_MS) * SECOND_MS,
      to: Math.floor(to / SECOND_MS) * SECOND_MS,
    };
    if (whole.from < whole.to) this.#sessions.push(whole);
  }

  /** Whole seconds of trading in the range. */
  activeSeconds({ from, to }: TimeRange): number {
    let ms = 0;
    for (const session of this.#sessions) {
      if (session.from >= to) break;
      if (session.to <= from) continue;
      ms += Math.min(to, session.to) - Math.max(from, session.from);
    }
    return ms / SECOND_MS;
  }

  hasStub({ from, to }: TimeRange): boolean {
    return this.#outages.some(({ stubAt }) =>
      stubAt !== undefined && stubAt >= from && stubAt < to
    );
  }

  /** First time at or after `time` that belongs to a candle. */
  nextTrading(time: EpochMs): EpochMs | undefined {
    const session = this.#sessions.find(({ to }) => to > time);
    const stub = this.#stubs().find((at) => at >= time);
    if (session === undefined) return stub;
    return Math.min(Math.max(time, session.from), stub ?? session.to);
  }

  /** Last time at or before `time` that belongs to a candle. */
  lastTrading(time: EpochMs): EpochMs | undefined {
    const session = this.#sessions.findLast(({ from }) => from <= time);
    const stub = this.#stubs().findLast((at) => at <= time);
    if (session === undefined) return stub;
    return Math.max(Math.min(time, session.to - 1), stub ?? session.from);
  }

  #stubs(): EpochMs[] {
    return this.#outages.flatMap(({ stubAt }) => stubAt ?? []);
  }

  /** True if all candles that open in the range close as scheduled. */
  closesOnTime({ from, to }: TimeRange): boolean {
    return this.#outages.every((outage) =>
      Math.max(outage.to, outage.offGridUntil ?? 0) < from || outage.from > to
    );
  }

  /** Close time as the exchange sends it for the candle from `from` to `to`. */
  closeTime({ from, to }: TimeRange): EpochMs {
    if (to === this.offGrid?.to && from % MINUTE_MS !== 0) {
      return to + OVERLAP_MS;
    }
    for (const outage of this.#outages) {
      if (outage.from > to) break;
      const isCut = to > outage.from && to <= outage.to || to === outage.closeTime;
      if (isCut && outage.closeTime !== undefined) return outage.closeTime;
    }
    return to - 1;
  }
}

function spread(symbol: string, outage: Outage): Outage {
  const { spreadMs, closeTime } = outage;
  if (spreadMs === undefined) return outage;
  const shift = mixText(symbol) % (spreadMs + 1);
  return {
    ...outage,
    from: outage.from + shift,
    to: outage.to + shift,
    ...closeTime !== undefined && { closeTime: closeTime + shift },
  };
}

function toOffGrid({ from, to, offGridUntil }: Outage): OffGrid | undefined {
  if (offGridUntil === undefined) return undefined;
  return { silentFrom: from, from: to, to: offGridUntil, offset: to % HOUR_MS };
}
