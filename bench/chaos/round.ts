import { join } from "node:path";
import { describeError } from "../../lib/core/errors.ts";
import { waitFor } from "../../lib/testing/server_process.ts";
import type { SimulatorProcess } from "../simulator_process.ts";
import type { Fault, Round } from "./fault.ts";
import { inspect, type Verdict, withStore } from "./invariants.ts";
import { calmMarket, slowMarket } from "./market.ts";
import { isAlive, openStage, type Stage } from "./stage.ts";

/** After this time wick counts as not recovered. */
const PATIENCE_MS = 120_000;
const STOP_MS = 5_000;

/**
 * Sets a stage up, injects the fault, waits for recovery, and checks all invariants. wick's output
 * goes to `logFolder`.
 */
export async function playRound(
  fault: Fault,
  simulator: SimulatorProcess,
  seed: number,
  logFolder?: string,
): Promise<Round> {
  await calmMarket(simulator);
  await slowMarket(simulator);
  const stage = await openStage(fault, simulator, seed);
  stage.readiness.start();
  try {
    await fault.strike(stage);
    await calmMarket(simulator);
    if (stage.mendedAt === 0) stage.mended();
    if (!stage.isRunning) await stage.start();
    const readyMs = await untilReady(stage);
    const { completeMs, verdict } = await untilComplete(stage);
    const isRecovered = readyMs !== undefined && completeMs !== undefined;
    if (stage.server.hasEnded()) stage.problems.push(`wick ended: ${tail(stage)}`);
    else await stop(stage);
    return {
      fault: fault.name,
      seed,
      readyMs,
      completeMs,
      lost: verdict?.lost ?? 0,
      doubled: verdict?.doubled ?? 0,
      wrongReadyz: stage.readiness.judge(),
      problems: [
        ...stage.problems,
        ...isRecovered ? [] : [`not recovered within ${PATIENCE_MS / 1000} s`],
        ...verdict?.problems ?? [],
      ],
    };
  } catch (error) {
    const problems = [...stage.problems, `the round broke off: ${describeError(error)}`];
    const wrongReadyz = stage.readiness.judge();
    const none = { readyMs: undefined, completeMs: undefined, lost: 0, doubled: 0 };
    return { ...none, fault: fault.name, seed, wrongReadyz, problems };
  } finally {
    if (logFolder !== undefined) {
      await Deno.mkdir(logFolder, { recursive: true });
      await Deno.writeTextFile(join(logFolder, `${fault.name}-${seed}.log`), stage.log());
    }
    await stage.close();
  }
}

async function untilReady(stage: Stage): Promise<number | undefined> {
  const since = stage.mendedAt;
  const first = () =>
    stage.readiness.samples.find(({ startedAt, status }) => startedAt >= since && status === 200);
  const sample = await waitFor(() => stage.server.hasEnded() || first(), PATIENCE_MS)
    .catch(() => undefined);
  return typeof sample === "object" ? sample.endedAt - since : undefined;
}

async function untilComplete(
  stage: Stage,
): Promise<{ completeMs: number | undefined; verdict: Verdict | undefined }> {
  let verdict: Verdict | undefined;
  const isComplete = async () => {
    if (stage.server.hasEnded()) return true;
    verdict = await look(stage);
    return verdict?.problems.length === 0;
  };
  const isMet = await waitFor(isComplete, PATIENCE_MS).catch(() => false);
  const isSound = isMet && verdict?.problems.length === 0;
  return { completeMs: isSound ? Date.now() - stage.mendedAt : undefined, verdict };
}

async function look(stage: Stage): Promise<Verdict | undefined> {
  const url = await stage.storeUrl();
  if (url === undefined) return undefined;
  try {
    return await withStore(url, (db) => inspect(db, stage.simulator, stage.committed));
  } catch {
    return undefined; // the database is not back yet
  }
}

/** wick must exit in time and stop its own PostgreSQL. */
async function stop(stage: Stage): Promise<void> {
  const pids = stage.settings["DATABASE_URL"] ? [] : await stage.postgresPids();
  const { code, ms } = await stage.kill("SIGTERM");
  if (code !== 0 || ms > STOP_MS) stage.problems.push(`SIGTERM: exit code ${code}, ${ms | 0} ms`);
  await stage.require("PostgreSQL ends with wick", () => !pids.some(isAlive), 15_000);
}

function tail(stage: Stage): string {
  return stage.server.output().trim().split("\n").slice(-3).join(" / ");
}
