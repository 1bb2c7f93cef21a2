import { setTimeout as pause } from "node:timers/promises";
import { launch } from "../../lib/testing/server_process.ts";
import type { Fault } from "./fault.ts";
import { isAlive, type Stage } from "./stage.ts";

/** Startup time on an idle machine. */
const START_MS = 2_500;
const LIMIT_MS = 5_000;
/** Startup time of Deno itself. */
const DEAF_MS = 400;

/** Sends a signal to a starting wick after `afterMs`. */
async function stopAt(stage: Stage, afterMs: number): Promise<void> {
  const child = launch({ env: stage.settings });
  await pause(afterMs);
  child.signal("SIGTERM");
  const signalledAt = performance.now();
  const ended = await Promise.race([child.ended, pause(2 * LIMIT_MS, undefined)]);
  const ms = Math.round(performance.now() - signalledAt);
  if (ended === undefined) {
    child.signal("SIGKILL");
    await child.ended;
    return void stage.problems.push(`SIGTERM after ${afterMs} ms of a start is ignored`);
  }
  const isGood = ended === 0 || ended === 143 || afterMs <= DEAF_MS;
  if (!isGood) {
    const last = child.output().trim().split("\n").at(-1);
    stage.problems.push(`SIGTERM after ${afterMs} ms: exit code ${ended}: ${last}`);
  }
  if (ms > LIMIT_MS) stage.problems.push(`SIGTERM after ${afterMs} ms took ${ms} ms`);
  const pids = await stage.postgresPids();
  await stage.require(
    `no PostgreSQL is left by a SIGTERM after ${afterMs} ms`,
    () => !pids.some(isAlive),
    15_000,
  );
}

async function stopEvery(stage: Stage, stepMs: number): Promise<void> {
  const first = stage.random.below(stepMs);
  for (let at = first; at < START_MS; at += stepMs) await stopAt(stage, at);
}

export const STOP_FAULTS: readonly Fault[] = [
  {
    name: "sigterm-start",
    does: "SIGTERM every 50 ms into a start, 50 starts",
    proves: "no signal is lost; no PostgreSQL process remains",
    database: "embedded",
    strike: (stage) => stopEvery(stage, 50),
  },
  {
    name: "sigterm-some",
    does: "SIGTERM every 600 ms into a start",
    proves: "the same, for short runs",
    database: "embedded",
    isShort: true,
    strike: (stage) => stopEvery(stage, 600),
  },
];
