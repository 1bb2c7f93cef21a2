import { VARIABLES } from "../../config.ts";

/** Variables that wick, its driver, Deno's cron and KV or telemetry would read. */
const OTHERS = /^(PG|OTEL_|DENO_(DEPLOY|KV|CRON|TIMELINE))/;

/** The environment without settings of wick, so that a developer's shell does not affect tests. */
export function withoutSettings(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !VARIABLES.includes(name) && !OTHERS.test(name)),
  );
}
