import { AppError } from "../core/errors.ts";
import { type EpochMs, FIRST_LISTING, MINUTE_MS, SECOND_MS, toIso } from "../core/time.ts";
import { findDate } from "../outbound/retry_after.ts";
import type { Clock, Logger } from "../ports/host.ts";
import { timeSchema } from "./binance_schema.ts";
import { toMs } from "./kline_row.ts";
import { parsePayload } from "./parse_payload.ts";

/** One host's reading of the time. */
export interface TimeReading {
  readonly host: string;
  readonly serverTime: EpochMs;
  /** Header `Date` of the same answer, in whole seconds. */
  readonly date: EpochMs | undefined;
}

/** Asked only when a reading disagrees with this machine's clock. */
export interface TimeWitnesses {
  /** Readings of the other hosts, without those that do not answer. */
  otherHosts(host: string): readonly TimeReading[] | Promise<readonly TimeReading[]>;
  /** Open time of the newest 1m candle; `undefined` when it cannot be read. */
  newestKline(): Promise<EpochMs | undefined>;
}

/** Decides which reading counts as the exchange's time. */
export interface ExchangeClock {
  judge(reading: TimeReading, witnesses: TimeWitnesses): Promise<EpochMs>;
}

/** A host's clock further ahead of the local one than this is checked. */
const MAX_AHEAD_MS = 5 * SECOND_MS;
/** A clock behind ours is safe up to this limit: candles only count as closed later. */
const MAX_BEHIND_MS = MINUTE_MS;
/** Tolerance between the host's clock, its `Date` and another host's clock. */
const MAX_APART_MS = 30 * SECOND_MS;
/** Length of a 1m candle plus the delay with which it may be published. */
const KLINE_MS = 2 * MINUTE_MS;

/**
 * Accepts the exchange's clock within limits. A reading is accepted at once when this machine's
 * clock and the answer's `Date` agree with it, when it differs from this machine's clock as it did
 * when it was confirmed, and when it is behind together with `Date`, because then candles only
 * count as closed later. Otherwise the other hosts and the newest candle decide:
 *
 * - a clock behind the newest candle is wrong;
 * - a clock ahead of the local one or of the `Date` header is right only if the newest candle
 *   confirms it, or, when only ours differs, another host: a wrong clock of this machine does no
 *   harm, and a wrong clock of the exchange closes no candle early;
 * - the latest valid reading is taken; without one, the earliest of our clock, the `Date` and the
 *   end of the newest candle.
 */
export function createExchangeClock(
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): ExchangeClock {
  /** Confirmed difference between the exchange's clock and ours. */
  let offsetMs = 0;
  let isDoubted = false;

  const isPlausible = (reading: TimeReading, now: EpochMs) => {
    const apart = reading.serverTime - now;
    const isKnown = apart <= MAX_AHEAD_MS || Math.abs(apart - offsetMs) <= MAX_AHEAD_MS;
    if (reading.date === undefined) return isKnown && apart >= -MAX_BEHIND_MS;
    return isKnown && !isAheadOf(reading) && reading.serverTime >= reading.date - MAX_BEHIND_MS;
  };

  function accept(serverTime: EpochMs, now: EpochMs): EpochMs {
    offsetMs = serverTime - now;
    if (isDoubted) log.info("Binance's clock is correct again");
    isDoubted = false;
    return serverTime;
  }

  return {
    async judge(reading, witnesses) {
      const now = clock.now();
      if (isPlausible(reading, now)) return accept(reading.serverTime, now);
      const [others, newest] = await Promise.all([
        witnesses.otherHosts(reading.host),
        witnesses.newestKline(),
      ]);
      const all = [reading, ...others];
      const good = all.filter((one) => isBelievable(one, { all, newest, now: clock.now() }));
      if (good.includes(reading)) return accept(reading.serverTime, now);
      const time = good.length > 0
        ? Math.max(...good.map(({ serverTime }) => serverTime))
        : fallBack(reading, newest, now);
      if (!isDoubted) log.warn(describeDoubt(reading, time));
      isDoubted = true;
      return time;
    },
  };
}

/** `Date` has whole seconds. */
function isAheadOf({ date, serverTime }: TimeReading): boolean {
  return date !== undefined && serverTime > date + SECOND_MS + MAX_APART_MS;
}

interface Evidence {
  readonly all: readonly TimeReading[];
  readonly newest: EpochMs | undefined;
  readonly now: EpochMs;
}

function isBelievable(reading: TimeReading, { all, newest, now }: Evidence): boolean {
  const { serverTime, host } = reading;
  if (serverTime < FIRST_LISTING) return false;
  if (newest !== undefined && newest > serverTime + MAX_APART_MS) return false;
  const isAhead = serverTime > now + MAX_AHEAD_MS;
  if (!isAhead && !isAheadOf(reading)) return true;
  if (newest !== undefined && serverTime < newest + KLINE_MS) return true;
  return !isAheadOf(reading) && all.some((other) =>
    other.host !== host && !isAheadOf(other) &&
    Math.abs(other.serverTime - serverTime) <= MAX_APART_MS
  );
}

function fallBack(
  { serverTime, date }: TimeReading,
  newest: EpochMs | undefined,
  now: EpochMs,
): EpochMs {
  const isBehind = newest !== undefined && newest > serverTime + MAX_APART_MS;
  return Math.min(
    now,
    date === undefined ? Infinity : date + SECOND_MS,
    newest === undefined ? Infinity : newest + MINUTE_MS,
    isBehind ? Infinity : serverTime,
  );
}

function describeDoubt({ host, serverTime }: TimeReading, time: EpochMs): string {
  return `Ignoring the clock of ${host}: it reads ${
    toIso(serverTime)
  }, which neither this machine's ` +
    `clock nor another host nor the newest candle confirms; using ${toIso(time)}`;
}

/** @throws `bad_payload` for an impossible time */
export function readTime(
  { json, host, headers }: {
    readonly json: unknown;
    readonly host: string;
    readonly headers: Headers;
  },
): TimeReading {
  const { serverTime } = parsePayload(timeSchema, json, "the exchange's clock");
  const time = toMs(serverTime);
  if (time > MAX_STAMP) {
    throw new AppError("bad_payload", `Cannot read the exchange's clock: it reads ${serverTime}`);
  }
  return { host, serverTime: time, date: findDate(headers) };
}

/** Upper bound of valid times. */
const MAX_STAMP = Date.UTC(9000, 0);
