import { DAY_MS, type EpochMs, MINUTE_MS } from "../../../lib/core/time.ts";

export interface WeightOptions {
  /** Weight per minute and IP address. */
  readonly limit: number;
  readonly now: () => EpochMs;
}

/** The meter's decision about a request. */
export interface Charge {
  /** Used in this minute, including this request. */
  readonly used: number;
  readonly verdict: "ok" | "limited" | "banned";
  /** When the next request is allowed. */
  readonly until: EpochMs;
  /** The ignored instruction: a Retry-After or a ban. */
  readonly violation: "retry-after" | "ban" | undefined;
}

interface Account {
  minute: number;
  used: number;
  /** Requests since the client was told to wait. */
  strikes: number;
  retryAt: EpochMs;
  banUntil: EpochMs;
  bans: number;
}

/** Number of requests tolerated during a 429 or a ban before the next ban. */
export const BAN_AFTER = 20;
const FIRST_BAN_MS = 2 * MINUTE_MS;
const LONGEST_BAN_MS = 3 * DAY_MS;

/** Counts request weight per IP address in fixed minutes: 429 above the limit, then 418. */
export class WeightMeter {
  readonly limit: number;
  readonly #now: () => EpochMs;
  readonly #accounts = new Map<string, Account>();

  constructor({ limit, now }: WeightOptions) {
    this.limit = limit;
    this.#now = now;
  }

  charge(ip: string, weight: number): Charge {
    const account = this.#account(ip);
    const now = this.#now();
    const violation = violationOf(account, now);
    if (violation !== undefined) account.strikes++;
    if (violation !== "ban") account.used += weight;
    const isOver = account.used > this.limit;
    if (account.strikes > BAN_AFTER && (violation === "ban" || isOver)) {
      this.#ban(account, nextBanMs(account.bans++));
    }
    if (account.banUntil > now) return this.#verdict(account, "banned", violation);
    if (!isOver) return this.#verdict(account, "ok", violation);
    if (violation === undefined) {
      account.strikes = 0;
      account.retryAt = (account.minute + 1) * MINUTE_MS;
    }
    return this.#verdict(account, "limited", violation);
  }

  /** Bans an IP for `ms`, as after a 418. */
  ban(ip: string, ms: number): void {
    this.#ban(this.#account(ip), ms);
  }

  /**
   * Tells an IP to wait for `ms`, as after a 429; requests until then are recorded, not refused.
   */
  warn(ip: string, ms: number): void {
    const account = this.#account(ip);
    account.strikes = 0;
    account.retryAt = this.#now() + ms;
  }

  /** Forgets all weight and bans. */
  clear(): void {
    this.#accounts.clear();
  }

  #ban(account: Account, ms: number): void {
    account.strikes = 0;
    account.banUntil = this.#now() + ms;
  }

  #verdict(
    account: Account,
    verdict: Charge["verdict"],
    violation: Charge["violation"],
  ): Charge {
    const until = verdict === "banned" ? account.banUntil : account.retryAt;
    return { used: account.used, verdict, until, violation };
  }

  #account(ip: string): Account {
    const minute = Math.floor(this.#now() / MINUTE_MS);
    const known = this.#accounts.get(ip) ??
      { minute, used: 0, strikes: 0, retryAt: 0, banUntil: 0, bans: 0 };
    if (known.minute !== minute) {
      known.minute = minute;
      known.used = 0;
    }
    this.#accounts.set(ip, known);
    return known;
  }
}

function violationOf({ banUntil, retryAt }: Account, now: EpochMs): Charge["violation"] {
  if (banUntil > now) return "ban";
  return retryAt > now ? "retry-after" : undefined;
}

/** 2 minutes, 8, 32, … up to 3 days. */
function nextBanMs(bans: number): number {
  return Math.min(LONGEST_BAN_MS, FIRST_BAN_MS * 4 ** bans);
}
