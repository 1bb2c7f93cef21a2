import { parseArgs } from "node:util";
import fc from "fast-check";
import { printError, printLine } from "../lib/log.ts";
import { openFront } from "../lib/server/front.ts";
import { refuseMalformed } from "../lib/server/well_formed.ts";
import { openFuzzApp } from "../lib/testing/fuzz/fuzz_app.ts";
import { fuzzRequest, requireSound } from "../lib/testing/fuzz/fuzz_requests.ts";
import {
  isWhole,
  requestText,
  requireSoundText,
  type WireRequest,
  wireRequest,
} from "../lib/testing/fuzz/fuzz_wire.ts";
import type { PageApp } from "../lib/testing/page_app.ts";
import { silent } from "../lib/testing/database/postgres.ts";
import { exchange } from "../lib/testing/raw_http.ts";

const HELP = `Asks at random, over every address and parameter.

deno run -A bench/fuzz.ts [--runs 20000] [--seed N] [--wire]

  --wire   over the line, with methods, hosts, headers and targets that no client library would send

Prints how many answers there were of each status; ends with 1 and the shortest request at the first
that breaks something (with --wire: with those that were under way beside it).
`;
/** Concurrent requests. */
const LANES = 16;
const TOLD_EVERY = 10_000;
/** A connection still open after this time counts as hanging. */
const LIMIT_MS = 20_000;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    wire: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  printLine(HELP);
  Deno.exit(0);
}
const [numRuns, seed] = [Number(values.runs), Number(values.seed)];
const app = await openFuzzApp();
const counts = new Map<string, number>();
let asked = 0;
function count(status: number | string): void {
  counts.set(String(status), (counts.get(String(status)) ?? 0) + 1);
  if (++asked % TOLD_EVERY === 0) printLine(`${asked} requests`);
}
const startedAt = performance.now();
const options = { seed, endOnFailure: true };
const { failed, counterexample, errorInstance, seed: usedSeed } = values.wire
  ? await fc.check(overTheLine(app), { ...options, numRuns: Math.ceil(numRuns / LANES) })
  : await fc.check(inProcess(app), { ...options, numRuns });
const told = [...counts].toSorted(([a], [b]) => a < b ? -1 : 1).map((pair) => pair.join(": "));
const seconds = Math.round((performance.now() - startedAt) / 1000);
printLine(`${asked} requests, seed ${usedSeed}, ${seconds} s. ${told.join(", ")}`);
if (failed) printError(`${JSON.stringify(counterexample)}\n${errorInstance}`);
Deno.exit(failed ? 1 : 0);

function inProcess({ handler }: PageApp) {
  return fc.asyncProperty(fuzzRequest, async (request) => {
    count(await requireSound(handler, request));
  });
}

/** Opens the server as `serve.ts` does. */
function overTheLine({ handler }: PageApp) {
  const front = openFront({
    hostname: "127.0.0.1",
    port: 0,
    log: silent,
    limits: { total: 1_000, perClient: 0 },
    handler: refuseMalformed(handler),
  });
  if (front === undefined) throw new Error("This Deno cannot serve single connections");
  const ask = async (request: WireRequest) => {
    const text = await exchange(front.address, requestText(request), {
      limitMs: LIMIT_MS,
      isEnough: isWhole(request),
    });
    count(requireSoundText(text) ?? "ended without an answer");
  };
  const requests = fc.array(wireRequest, { minLength: LANES, maxLength: LANES });
  return fc.asyncProperty(requests, async (all) => void await Promise.all(all.map(ask)));
}
