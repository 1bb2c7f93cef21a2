import { AppError } from "../core/errors.ts";
import {
  BACKGROUND_SHARE,
  DEFAULT_WEIGHT_LIMIT,
  WEIGHT_LIMITS,
  WEIGHT_SHARE,
} from "../core/request_weight.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS, toIso } from "../core/time.ts";
import type { Ban, BanBoard, BudgetReader, SpendBoard } from "../ports/boards.ts";
import type { Clock } from "../ports/host.ts";

/** Decides when the next request may be sent. All processes share the ban and the spent weight. */
export interface RequestBudget extends BudgetReader {
  /**
   * Resolves when a request of `weight` may be sent. Background requests leave a part of each
   * minute's weight to other requests, so that new candles do not wait for old ones.
   *
   * @throws `rate_limited` when the wait would exceed `maxWaitMs`
   */
  take(weight: number, signal: AbortSignal, isBackground?: boolean): Promise<void>;
  /** Records the used weight that a response's headers report. */
  observe(headers: Headers): void;
  /** Stops the requests of all processes until the given time; in this process immediately. */
  ban(until: EpochMs, reason: string): Promise<void>;
  /** Sets the weight per minute that `exchangeInfo` allows. */
  setLimit(weight: number): void;
  /** Weight used by this address in the current minute, as last reported, and the limit. */
  used(): { readonly weight: number; readonly limit: number };
}

export interface BudgetOptions {
  readonly clock: Clock;
  readonly bans: BanBoard;
  readonly spends: SpendBoard;
  /** Longest wait inside `take`, in ms. */
  readonly maxWaitMs: number;
}

/** Weight reserved at a time: ten small requests cost one access to the shared count. */
const CHUNK = 20;
/** The exchange's minute may begin this much later than ours. */
const MINUTE_SLACK_MS = 2 * SECOND_MS;
/** A ban recorded further in the future than this was recorded by a wrong clock. */
const BAN_SKEW_MS = 5 * MINUTE_MS;

interface Wait {
  /** 0: the request may be sent. */
  readonly ms: number;
  readonly why: string;
}

const GO: Wait = { ms: 0, why: "" };
const SPENT = "the request weight of this minute is used up";

export function createRequestBudget(options: BudgetOptions): RequestBudget {
  const { clock, spends, maxWaitMs } = options;
  let limit = DEFAULT_WEIGHT_LIMIT;
  const ban = createBanWatch(options);
  const minute = createMinuteCount(clock);
  const waitForGrant = createGrants(options);

  async function nextWait(weight: number, isBackground: boolean): Promise<Wait> {
    const available = limit * (isBackground ? BACKGROUND_SHARE : WEIGHT_SHARE);
    let wait = ban.waitForKnown();
    if (wait.ms === 0) wait = minute.waitFor(weight, available);
    if (wait.ms === 0) wait = await waitForGrant(weight, available, isBackground);
    // Last, because a ban may have been recorded during the other waits.
    return wait.ms === 0 ? await ban.waitForShared() : wait;
  }

  return {
    async take(weight, signal, isBackground = false) {
      const deadline = clock.now() + maxWaitMs;
      while (true) {
        signal.throwIfAborted();
        const wait = await nextWait(weight, isBackground);
        if (wait.ms === 0) return;
        if (clock.now() + wait.ms > deadline) throw tooLong(wait);
        await clock.sleep(wait.ms, signal);
      }
    },
    observe: minute.observe,
    ban: ban.write,
    setLimit(weight) {
      limit = weight;
    },
    used: () => ({ weight: minute.weight(), limit }),
    async read() {
      const now = clock.now();
      const current = await ban.read();
      return { limit, used: Math.max(minute.weight(), await spends.spent(now)), ban: current };
    },
  };
}

/** The newest ban known to this process, combined with the one on the shared board. */
function createBanWatch({ clock, bans }: BudgetOptions) {
  /** Known in this process before the shared board has it. */
  let known: Ban | undefined;

  function current(): Ban | undefined {
    const now = clock.now();
    const isOn = known !== undefined && known.until > now &&
      (known.at ?? now) <= now + BAN_SKEW_MS;
    if (!isOn) known = undefined;
    return known;
  }

  function note(ban: Ban | undefined): void {
    if (ban !== undefined && ban.until > (current()?.until ?? 0)) known = ban;
  }

  function waitForKnown(): Wait {
    const ban = current();
    return ban === undefined ? GO : { ms: ban.until - clock.now(), why: banText(ban) };
  }

  async function read(): Promise<Ban | undefined> {
    note(await bans.read());
    return current();
  }

  return {
    waitForKnown,
    read,
    async waitForShared(): Promise<Wait> {
      await read();
      return waitForKnown();
    },
    async write(until: EpochMs, reason: string): Promise<void> {
      const ban = { at: clock.now(), until, reason };
      note(ban);
      await bans.write(ban);
    },
  };
}

/** The weight that the exchange has counted in its minute: it includes other programs' requests. */
function createMinuteCount(clock: Clock) {
  let counted = { minute: 0, weight: 0 };
  const minuteOf = (time: EpochMs) => Math.floor((time - MINUTE_SLACK_MS) / MINUTE_MS);
  const weight = () => counted.minute === minuteOf(clock.now()) ? counted.weight : 0;

  return {
    weight,
    waitFor(asked: number, available: number): Wait {
      if (weight() + asked <= available) return GO;
      const next = (counted.minute + 1) * MINUTE_MS + MINUTE_SLACK_MS;
      return { ms: Math.max(1, next - clock.now()), why: SPENT };
    },
    observe(headers: Headers): void {
      const used = readUsedWeight(headers);
      if (used === undefined) return;
      // Responses may arrive out of order: within a minute the highest count is the newest.
      counted = { minute: minuteOf(clock.now()), weight: Math.max(weight(), used) };
    },
  };
}

/** Reserves weight on the shared board in chunks, and hands it out to the requests here. */
function createGrants({ clock, spends }: BudgetOptions) {
  /** Weight reserved and not yet used, valid until the end of its slot. */
  const credits = { foreground: { until: 0, weight: 0 }, background: { until: 0, weight: 0 } };
  let reserving: Promise<unknown> = Promise.resolve();

  async function reserve(weight: number, available: number, isBackground: boolean): Promise<Wait> {
    const now = clock.now();
    const credit = credits[isBackground ? "background" : "foreground"];
    if (credit.until > now && credit.weight >= weight) {
      credit.weight -= weight;
      return GO;
    }
    const asked = Math.max(CHUNK, weight);
    const { isGranted, retryAt } = await spends.reserve(asked, available, now);
    if (!isGranted) return { ms: Math.max(1, retryAt - now), why: SPENT };
    credit.until = (Math.floor(now / spends.slotMs) + 1) * spends.slotMs;
    credit.weight = asked - weight;
    return GO;
  }

  /**
   * One reservation at a time: concurrent requests share the chunk that the first has reserved,
   * instead of each reserving a chunk and contending for the same entry.
   */
  return (weight: number, available: number, isBackground: boolean): Promise<Wait> => {
    const granted = reserving.then(() => reserve(weight, available, isBackground));
    reserving = granted.catch(() => {});
    return granted;
  };
}

/** Describes a ban by the HTTP status that caused it. */
function banText({ until, reason }: Ban): string {
  const end = `until ${toIso(until)} (HTTP ${reason})`;
  if (reason === "418") return `it has banned this address ${end}`;
  if (reason === "403") return `its web firewall rejects this address; pausing ${end}`;
  return `rate-limited ${end}`;
}

function tooLong({ ms, why }: Wait): AppError {
  return new AppError("rate_limited", `Cannot send requests to Binance: ${why}`, {
    retryAfterMs: ms,
  });
}

/** `X-MBX-USED-WEIGHT-1M`, or the older header without the unit; `Headers` ignores case. */
function readUsedWeight(headers: Headers): number | undefined {
  const text = headers.get("x-mbx-used-weight-1m") ?? headers.get("x-mbx-used-weight");
  const used = text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
  return used === undefined || used > WEIGHT_LIMITS.max ? undefined : used;
}
