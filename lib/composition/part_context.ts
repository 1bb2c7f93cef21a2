import type { Config } from "../config.ts";
import type { Clock, Logger } from "../ports/host.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** Shared context of all parts of a composition. Tests pass their own clock, `fetch` and logger. */
export interface PartContext {
  readonly config: Config;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly log: Logger;
  /** For outages: a command prints its own failure, so they are logged at `debug` there. */
  readonly outageLog: Logger;
  readonly telemetry: Telemetry;
  /** Set on a hosted platform. */
  readonly isHosted: boolean;
}

/** A logger that writes everything but errors at `debug`. */
export function toQuiet(log: Logger): Logger {
  return { ...log, info: log.debug, warn: log.debug };
}
