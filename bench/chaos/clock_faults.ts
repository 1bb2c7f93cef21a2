import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../lib/core/time.ts";
import type { Fault } from "./fault.ts";
import { quickMarket } from "./market.ts";
import type { Stage } from "./stage.ts";

const PRELOAD = fileURLToPath(new URL("skewed_clock.ts", import.meta.url));
const WRONG_MS = 10_000;

/** From a slow hardware clock to one without battery. */
const JUMPS_MS = [2 * MINUTE_MS, HOUR_MS, DAY_MS, 3_650 * DAY_MS];

function pick(stage: Stage): number {
  return JUMPS_MS[stage.random.below(JUMPS_MS.length)]!;
}

/** Sets the exchange's clock wrong for a while; its candles stay correct. */
async function jumpExchange(stage: Stage, byMs: number): Promise<void> {
  await stage.startAndCollect();
  await stage.simulator.control("POST", "faults", { kind: "wrong-clock", byMs });
  await pause(WRONG_MS);
  await quickMarket(stage.simulator);
  stage.mended();
}

/** Sets the clock of wick's process wrong for a while. */
async function jumpOwn(stage: Stage, byMs: number): Promise<void> {
  const path = join(stage.folder.path, "clock");
  stage.env["CHAOS_CLOCK"] = path;
  stage.flags.push(`--preload=${PRELOAD}`);
  await stage.startAndCollect();
  await Deno.writeTextFile(path, String(byMs));
  await pause(WRONG_MS);
  await Deno.writeTextFile(path, "0");
  stage.mended();
}

export const CLOCK_FAULTS: readonly Fault[] = [
  {
    name: "clock-exchange-ahead",
    does: "the exchange's clock is 2 minutes to 10 years ahead for 10 s",
    proves: "no open candle is stored because of a wrong clock; collecting continues afterwards",
    database: "embedded",
    strike: (stage) => jumpExchange(stage, pick(stage)),
  },
  {
    name: "clock-exchange-behind",
    does: "the exchange's clock is 2 minutes to 10 years behind for 10 s",
    proves: "stored candles are not removed",
    database: "embedded",
    strike: (stage) => jumpExchange(stage, -pick(stage)),
  },
  {
    name: "clock-own-ahead",
    does: "the clock of wick's process is 2 minutes to 10 years ahead for 10 s",
    proves: "leases, bans and budgets are not blocked until the clock catches up",
    database: "embedded",
    strike: (stage) => jumpOwn(stage, pick(stage)),
  },
  {
    name: "clock-own-behind",
    does: "the clock of wick's process is 2 minutes to 10 years behind for 10 s",
    proves: "the same for a clock that is behind",
    database: "embedded",
    strike: (stage) => jumpOwn(stage, -pick(stage)),
  },
];
