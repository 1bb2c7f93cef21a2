import { printLine } from "../lib/log.ts";
import type { LoggedRequest } from "../packages/simulator/request_log.ts";

/** What a soak has found out. */
export interface Check {
  readonly claim: string;
  readonly isMet: boolean;
  /** The figures behind it. */
  readonly found: string;
}

export function printCheck({ claim, isMet, found }: Check): void {
  printLine(`${isMet ? "passed" : "FAILED"}: ${claim}: ${found}`);
}

/** The most weight that any 60 seconds held. */
export function peakWeight(requests: readonly LoggedRequest[]): number {
  let [sum, first, peak] = [0, 0, 0];
  for (const { at, weight } of requests) {
    sum += weight;
    while (requests[first]!.at <= at - 60_000) sum -= requests[first++]!.weight;
    peak = Math.max(peak, sum);
  }
  return peak;
}

/** Requests under way when the exchange said no have left before anybody could know. */
const UNDER_WAY_MS = 1_000;

/**
 * Requests made inside a ban, by whether they may have been under way when it was spoken.
 * `bannedAt`: when it was.
 */
export function insideBan(requests: readonly LoggedRequest[], bannedAt: number) {
  const inside = requests.filter(({ violation }) => violation !== undefined);
  const late = inside.filter(({ at }) => at > bannedAt + UNDER_WAY_MS);
  return { underWay: inside.length - late.length, late: late.length };
}
