import { printError, printLine } from "../lib/log.ts";
import { testCluster } from "../lib/testing/database/postgres.ts";
import { describeMissing, installPrograms, type Program } from "../lib/testing/programs.ts";
import { build } from "../lib/testing/server_process.ts";
import { type Check, printCheck } from "./check.ts";
import { CMP, PSQL, soakExport } from "./soak/soak_export.ts";
import { soakHistory } from "./soak/soak_history.ts";
import { soakInstances } from "./soak/soak_instances.ts";
import { soakKill } from "./soak/soak_kill.ts";
import { soakMixed } from "./soak/soak_mixed.ts";
import { soakReplay } from "./soak/soak_replay.ts";
import { soakRestate } from "./soak/soak_restate.ts";
import { soakStreams } from "./soak/soak_streams.ts";
import { soakTwo } from "./soak/soak_two.ts";

// `deno task soak NAME [ARGUMENTS]`: long runs for what tests cannot show. Exit code 1 if a claim
// fails.
const SOAKS: Record<string, (args: string[]) => Promise<Check[]>> = {
  history: soakHistory,
  replay: soakReplay,
  kill: soakKill,
  two: soakTwo,
  instances: soakInstances,
  restate: soakRestate,
  mixed: soakMixed,
  streams: soakStreams,
  export: soakExport,
};

const NEEDS: Record<string, readonly Program[]> = { export: [PSQL, CMP] };

const [name = "", ...args] = Deno.args;
const soak = SOAKS[name];
if (soak === undefined) {
  printLine(`Usage: deno task soak ${Object.keys(SOAKS).join("|")}`);
  Deno.exit(2);
}
const needs = NEEDS[name] ?? [];
await installPrograms(needs);
const missing = describeMissing(needs);
if (missing !== undefined) {
  printError(`Cannot run ${name}: ${missing}`);
  Deno.exit(1);
}
await build();
const cluster = await testCluster();
const start = performance.now();
const checks = await soak(args);
checks.forEach(printCheck);
printLine(`${name}: ${Math.round((performance.now() - start) / 1000)} s`);
await cluster.release();
Deno.exit(checks.every(({ isMet }) => isMet) ? 0 : 1);
