import { endOf, intervalMs } from "../../core/interval.ts";
import { type Kline, type Series, seriesName } from "../../core/kline.ts";
import { toRowText } from "../../core/text/kline_row_text.ts";
import { type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS, toIso } from "../../core/time.ts";
import type { ClosedEvent } from "../../ports/close_streams.ts";
import { findDoubt, isOffGrid } from "../continuity.ts";

/** Time after a candle's end in which its event should arrive; then REST is asked. */
const GRACE_MS = 10 * SECOND_MS;
/** Delay until the exchange's database has the final row. */
const SETTLING_MS = 3 * SECOND_MS;
/** An event may be this much ahead of our reading of the exchange's clock. */
const MAX_AHEAD_MS = 2 * SECOND_MS;
/** Longest pause between two requests for a series without events that still trades, and halted. */
const QUIET_MS = 8 * MINUTE_MS;
const HALTED_MS = HOUR_MS;
/** Pause of a series for which REST has failed. */
const FAILED_MS = 30 * SECOND_MS;
/** Events kept of a series that REST is being asked for. */
const MAX_HELD = 5;

/**
 * The outcome of an event. `take`: the candle is next in its series and can be stored. `repeat`: it
 * is stored already. `behind`: earlier candles are missing, so REST is asked for all. `early`: it
 * was sent before the candle's end. `ahead`: it arrived before the candle's end, by our reading of
 * the exchange's clock. `doubtful`: it contradicts the candle before it. `unknown`: its series is
 * not collected.
 */
export type Verdict = "take" | "repeat" | "behind" | "early" | "ahead" | "doubtful" | "unknown";

export interface Judgement {
  readonly verdict: Verdict;
  /** Of an event that was refused. */
  readonly reason?: string;
}

/** A series for which REST must be asked. */
export interface Overdue extends Series {
  /** Open time of the oldest missing candle. */
  readonly expected: EpochMs;
  /** True if the stored candles are in doubt as well. */
  readonly isDoubted: boolean;
}

interface Track {
  readonly series: Series;
  /** Open time of the next candle to store. */
  expected: EpochMs;
  /** The newest candle taken or stored; `undefined` when it is old. */
  last: Kline | undefined;
  /** Events that arrived while earlier candles were missing, ascending. */
  held: ClosedEvent[];
  /** When REST is asked unless an event arrives. */
  askAt: EpochMs;
  /** After a failure REST is not asked before this time. */
  notBefore: EpochMs;
  /** Since when the stored candles are in doubt: REST is asked even if it is not overdue. */
  doubtedAt: EpochMs | undefined;
  /** Requests since the last event. */
  asked: number;
  isAsking: boolean;
}

/** The next expected close of each followed series. Times are the exchange's. */
export class StreamLedger {
  readonly #now: () => EpochMs;
  readonly #tracks = new Map<string, Track>();

  constructor(serverTime: () => EpochMs) {
    this.#now = serverTime;
  }

  get size(): number {
    return this.#tracks.size;
  }

  has(series: Series): boolean {
    return this.#tracks.has(seriesName(series));
  }

  /** Begins to expect the closes of a series whose newest stored candle opens at `lastOpenTime`. */
  add(series: Series, lastOpenTime: EpochMs, last: Kline | undefined): void {
    const expected = endOf(lastOpenTime, series.interval);
    this.#tracks.set(seriesName(series), {
      series,
      expected,
      last,
      held: [],
      askAt: dueAt(expected, series),
      notBefore: 0,
      doubtedAt: undefined,
      asked: 0,
      isAsking: false,
    });
  }

  remove(series: Series): void {
    this.#tracks.delete(seriesName(series));
  }

  list(): Series[] {
    return [...this.#tracks.values()].map(({ series }) => series);
  }

  /** Judges an event that arrived `agoMs` ago; one that is taken counts as stored. */
  judge(event: ClosedEvent, agoMs = 0): Judgement {
    const track = this.#tracks.get(seriesName(event));
    if (track === undefined) return { verdict: "unknown" };
    const { kline, interval, eventTime } = event;
    const end = endOf(kline.openTime, interval);
    const reason = `it claims to have closed before ${toIso(end)}`;
    if (eventTime < end) return { verdict: "early", reason };
    if (this.#now() - agoMs < end - MAX_AHEAD_MS) return { verdict: "ahead", reason };
    if (isOffGrid(kline, event)) return this.#doubt(track, "it opens off the grid");
    if (kline.openTime < track.expected) return this.#repeat(track, kline);
    if (kline.openTime > track.expected || track.isAsking) {
      track.held = [...track.held, event].slice(-MAX_HELD);
      if (!track.isAsking) this.#askAt(track, Math.min(track.askAt, this.#now() + SETTLING_MS));
      return { verdict: "behind" };
    }
    const doubt = findDoubt(event, [kline], track.last === undefined ? [] : [track.last]);
    if (doubt !== undefined) return this.#doubt(track, doubt.reason);
    track.last = kline;
    track.asked = 0;
    track.expected = end;
    this.#askAt(track, dueAt(end, track.series));
    return { verdict: "take" };
  }

  /**
   * Up to `count` series whose event is overdue, those that wait longest first. Each is marked
   * until `asked` is called.
   */
  takeDue(count: number, isFollowed: (series: Series) => boolean): Overdue[] {
    const now = this.#now();
    const due = [...this.#tracks.values()].filter((track) =>
      track.askAt <= now && !track.isAsking && isFollowed(track.series)
    );
    return due.sort((a, b) => a.askAt - b.askAt).slice(0, count).map((track) => {
      const { series, expected, doubtedAt } = track;
      track.isAsking = true;
      track.doubtedAt = undefined;
      return { ...series, expected, isDoubted: doubtedAt !== undefined };
    });
  }

  /**
   * Records that REST was asked, and the newest stored candle. Returns the held events, to be
   * judged again. A doubt that was not answered stays, and so does one that has arisen since.
   */
  asked(
    { isDoubted, ...series }: Overdue,
    stored: { readonly openTime: EpochMs; readonly kline: Kline | undefined } | undefined,
    { isFailed = false, byRest = true } = {},
  ): ClosedEvent[] {
    const track = this.#tracks.get(seriesName(series));
    if (track === undefined) return [];
    const now = this.#now();
    track.isAsking = false;
    if (isDoubted && (isFailed || !byRest)) track.doubtedAt ??= now;
    track.notBefore = isFailed ? now + FAILED_MS : 0;
    const before = track.expected;
    if (stored !== undefined) {
      track.expected = endOf(stored.openTime, series.interval);
      track.last = stored.kline;
    }
    if (byRest) track.asked++;
    const { held } = track;
    track.held = [];
    const isQuiet = !isFailed && track.expected > before;
    const most = isQuiet ? QUIET_MS : HALTED_MS;
    const unit = Math.min(intervalMs(series.interval), MINUTE_MS);
    const pause = byRest ? Math.min(most, unit * 2 ** Math.min(track.asked - 1, 10)) : 0;
    this.#askAt(track, Math.max(dueAt(track.expected, series), now + pause));
    return held;
  }

  /** Expects again what was taken but could not be stored; REST is asked for it. */
  retract(series: Series, openTime: EpochMs): void {
    const track = this.#tracks.get(seriesName(series));
    if (track === undefined || openTime >= track.expected) return;
    track.expected = openTime;
    track.last = undefined;
    this.#askInDoubt(track);
  }

  #repeat(track: Track, kline: Kline): Judgement {
    const { last } = track;
    const isSame = last?.openTime !== kline.openTime || toRowText(last) === toRowText(kline);
    return isSame ? { verdict: "repeat" } : this.#doubt(track, "it differs from the stored one");
  }

  #doubt(track: Track, reason: string): Judgement {
    this.#askInDoubt(track);
    return { verdict: "doubtful", reason };
  }

  #askInDoubt(track: Track): void {
    track.doubtedAt ??= this.#now();
    this.#askAt(track, track.askAt);
  }

  /** Has REST asked at `time`, or earlier because of a doubt; not within the pause of a failure. */
  #askAt(track: Track, time: EpochMs): void {
    const settledAt = (track.doubtedAt ?? Infinity) + SETTLING_MS;
    track.askAt = Math.max(track.notBefore, Math.min(time, settledAt));
  }
}

function dueAt(openTime: EpochMs, { interval }: Series): EpochMs {
  return endOf(openTime, interval) + GRACE_MS;
}
