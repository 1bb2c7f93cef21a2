import { VARIABLES } from "../config.ts";

/** Names that wick, its driver, Deno's cron and KV or telemetry would take settings from. */
const OTHERS = /^(PG|OTEL_|DENO_(DEPLOY|KV|CRON|TIMELINE))/;

/** The environment without settings of wick: what a developer's shell sets is not for the tests. */
export function withoutSettings(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !VARIABLES.includes(name) && !OTHERS.test(name)),
  );
}
