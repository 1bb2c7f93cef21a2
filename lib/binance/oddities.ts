import type { Logger } from "../ports/host.ts";

/** Logs skipped parts of answers, once each. */
export interface Oddities {
  report(message: string): void;
}

/** Distinct messages remembered; further ones are not logged. */
const MAX_KNOWN = 500;

export function createOddities(log: Logger): Oddities {
  const known = new Set<string>();
  return {
    report(message) {
      if (known.has(message) || known.size >= MAX_KNOWN) return;
      known.add(message);
      log.warn(message);
    },
  };
}
