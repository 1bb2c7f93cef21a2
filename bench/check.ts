import { printLine } from "../lib/log.ts";
import type { LoggedRequest } from "../packages/simulator/request_log.ts";

/** A claim that a soak has checked. */
export interface Check {
  readonly claim: string;
  readonly isMet: boolean;
  /** Figures behind the result. */
  readonly found: string;
}

export function printCheck({ claim, isMet, found }: Check): void {
  printLine(`${isMet ? "passed" : "FAILED"}: ${claim}: ${found}`);
}

/** The largest weight of any 60 seconds. */
export function peakWeight(requests: readonly Pick<LoggedRequest, "at" | "weight">[]): number {
  let [sum, first, peak] = [0, 0, 0];
  for (const { at, weight } of requests) {
    sum += weight;
    while (requests[first]!.at <= at - 60_000) sum -= requests[first++]!.weight;
    peak = Math.max(peak, sum);
  }
  return peak;
}

/** Requests sent before the answer with the ban was received. */
const UNDER_WAY_MS = 1_000;

/** Counts requests during a ban: those sent before it was received, and later ones. */
export function insideBan(requests: readonly LoggedRequest[], bannedAt: number) {
  const inside = requests.filter(({ violation }) => violation !== undefined);
  const late = inside.filter(({ at }) => at > bannedAt + UNDER_WAY_MS);
  return { underWay: inside.length - late.length, late: late.length };
}
