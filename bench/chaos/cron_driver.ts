import { setTimeout as pause } from "node:timers/promises";
import { startPlatform } from "../../lib/testing/deploy_platform.ts";

/** Replaces the scheduler, so that a round does not wait for the next full minute. */
export interface CronDriver {
  /** Takes control of a process's crons. */
  readonly env: Record<string, string>;
  close(): Promise<void>;
}

const PAUSE_MS = 1_000;
/** A job that was killed with its process never reports its end. */
const GIVE_UP_MS = 12_000;

/** Fires `collect` and `repair` alternately, one second after the previous one has ended. */
export async function driveCrons(): Promise<CronDriver> {
  const platform = await startPlatform();
  const over = new AbortController();
  const wait = (ms: number) => pause(ms, undefined, { signal: over.signal }).catch(() => {});
  const firing = (async () => {
    for (let turn = 0; !over.signal.aborted; turn++) {
      const name = turn % 2 === 0 ? "collect" : "repair";
      const done = platform.invoke(name).catch(() => false); // no process is running
      await Promise.race([done, wait(GIVE_UP_MS)]);
      await wait(PAUSE_MS);
    }
  })();
  return {
    env: { DENO_UNSTABLE_CRON_SOCK: platform.env["DENO_UNSTABLE_CRON_SOCK"]! },
    async close() {
      over.abort();
      await platform.close();
      await firing;
    },
  };
}
