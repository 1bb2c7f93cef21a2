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

/** Decides when the next request may go out. Ban and spending are shared by all processes. */
export interface RequestBudget extends BudgetReader {
  /**
   * Resolves when a request of `weight` may be sent. Background requests leave a part of the minute
   * to the others, so that new candles never wait for old ones.
   *
   * @throws `rate_limited` when that would take longer than the budget is willing to wait
   */
  take(weight: number, signal: AbortSignal, isBackground?: boolean): Promise<void>;
  /** Takes note of an answer's used-weight header. */
  observe(headers: Headers): void;
  /** Stops every request of every process until then; those of this process at once. */
  ban(until: EpochMs, reason: string): Promise<void>;
  /** Weight a minute that the exchange allows, as it says itself. */
  setLimit(weight: number): void;
  /** Weight used in this minute by this address, as the exchange last counted it, and the limit. */
  used(): { readonly weight: number; readonly limit: number };
}

export interface BudgetOptions {
  readonly clock: Clock;
  readonly bans: BanBoard;
  readonly spends: SpendBoard;
  /** Longest wait inside `take`, in ms. */
  readonly maxWaitMs: number;
}

/** Reserved at a time, so that ten requests cost one look at the shared count. */
const CHUNK = 20;
/** The exchange's minute may begin a little after ours. */
const MINUTE_SLACK_MS = 2 * SECOND_MS;

interface Wait {
  /** 0: go ahead. */
  readonly ms: number;
  readonly why: string;
}

const GO: Wait = { ms: 0, why: "" };

export function createRequestBudget(options: BudgetOptions): RequestBudget {
  const { clock, bans, spends, maxWaitMs } = options;
  let limit = DEFAULT_WEIGHT_LIMIT;
  /** What the exchange has counted in its minute, by its header. */
  let counted = { minute: 0, weight: 0 };
  /** Reserved and not yet spent, by whom. */
  const credits = { foreground: { until: 0, weight: 0 }, background: { until: 0, weight: 0 } };
  let reserving: Promise<unknown> = Promise.resolve();
  /** Known here before the shared board has it. */
  let ownBan: Ban | undefined;

  const minuteOf = (time: EpochMs) => Math.floor((time - MINUTE_SLACK_MS) / MINUTE_MS);
  const countedNow = () => counted.minute === minuteOf(clock.now()) ? counted.weight : 0;

  function waitForOwnBan(): Wait {
    const ban = currentBan();
    return ban === undefined ? GO : { ms: ban.until - clock.now(), why: banText(ban) };
  }

  /** A ban that was noted in the future is of a clock that has been set right since. */
  function currentBan(): Ban | undefined {
    const now = clock.now();
    const isOn = ownBan !== undefined && ownBan.until > now &&
      (ownBan.at ?? now) <= now + MINUTE_MS * 5;
    if (!isOn) ownBan = undefined;
    return ownBan;
  }

  /** Looks last of all: a ban that comes while we wait for something else counts too. */
  async function waitForBan(): Promise<Wait> {
    noteBan(await bans.read());
    return waitForOwnBan();
  }

  function noteBan(ban: Ban | undefined): void {
    if (ban !== undefined && ban.until > (currentBan()?.until ?? 0)) ownBan = ban;
  }

  /** Others on this address spend too, and only the exchange knows how much. */
  function waitForMinute(weight: number, share: number): Wait {
    if (countedNow() + weight <= limit * share) return GO;
    const next = (counted.minute + 1) * MINUTE_MS + MINUTE_SLACK_MS;
    return { ms: Math.max(1, next - clock.now()), why: SPENT };
  }

  /**
   * One reservation after the other: requests that come at once share what the first has reserved,
   * instead of each reserving a chunk and contending for the same entry.
   */
  function waitForGrant(weight: number, share: number): Promise<Wait> {
    const granted = reserving.then(() => reserve(weight, share));
    reserving = granted.catch(() => {});
    return granted;
  }

  async function reserve(weight: number, share: number): Promise<Wait> {
    const now = clock.now();
    const credit = credits[share === WEIGHT_SHARE ? "foreground" : "background"];
    if (credit.until > now && credit.weight >= weight) {
      credit.weight -= weight;
      return GO;
    }
    const asked = Math.max(CHUNK, weight);
    const { isGranted, retryAt } = await spends.reserve(asked, limit * share, now);
    if (!isGranted) return { ms: Math.max(1, retryAt - now), why: SPENT };
    credit.until = (Math.floor(now / spends.slotMs) + 1) * spends.slotMs;
    credit.weight = asked - weight;
    return GO;
  }

  return {
    async take(weight, signal, isBackground = false) {
      const deadline = clock.now() + maxWaitMs;
      const share = isBackground ? BACKGROUND_SHARE : WEIGHT_SHARE;
      while (true) {
        signal.throwIfAborted();
        let wait = waitForOwnBan();
        if (wait.ms === 0) wait = waitForMinute(weight, share);
        if (wait.ms === 0) wait = await waitForGrant(weight, share);
        if (wait.ms === 0) wait = await waitForBan();
        if (wait.ms === 0) return;
        if (clock.now() + wait.ms > deadline) throw tooLong(wait);
        await clock.sleep(wait.ms, signal);
      }
    },
    observe(headers) {
      const used = readUsedWeight(headers);
      if (used === undefined) return;
      // Answers overtake each other: within a minute only the highest count is news.
      counted = { minute: minuteOf(clock.now()), weight: Math.max(countedNow(), used) };
    },
    async ban(until, reason) {
      const ban = { at: clock.now(), until, reason };
      noteBan(ban);
      await bans.write(ban);
    },
    setLimit(weight) {
      limit = weight;
    },
    used: () => ({ weight: countedNow(), limit }),
    async read() {
      const now = clock.now();
      noteBan(await bans.read());
      return {
        limit,
        used: Math.max(countedNow(), await spends.spent(now)),
        ban: currentBan(),
      };
    },
  };
}

/** What a ban means, by the status that brought it. */
function banText({ until, reason }: Ban): string {
  const end = `until ${toIso(until)} (HTTP ${reason})`;
  if (reason === "418") return `it has banned this address ${end}`;
  if (reason === "403") return `its web firewall refuses this address; wick pauses ${end}`;
  return `rate-limited ${end}`;
}

const SPENT = "the request weight of this minute is spent";

function tooLong({ ms, why }: Wait): AppError {
  return new AppError("rate_limited", `Cannot ask Binance: ${why}`, { retryAfterMs: ms });
}

/** `X-MBX-USED-WEIGHT-1M`, or the older header without the unit; `Headers` ignores case. */
function readUsedWeight(headers: Headers): number | undefined {
  const text = headers.get("x-mbx-used-weight-1m") ?? headers.get("x-mbx-used-weight");
  const used = text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
  return used === undefined || used > WEIGHT_LIMITS.max ? undefined : used;
}
