import fc from "fast-check";
import { printLine } from "../lib/log.ts";
import { openFuzzApp } from "../lib/testing/fuzz_app.ts";
import { fuzzRequest, requireSound } from "../lib/testing/fuzz_requests.ts";

// `deno run -A bench/fuzz.ts [--runs 20000] [--seed N]`: requests at random, over every address and
// parameter. Prints how many there were of each status; ends with 1 and the shortest request at the
// first that breaks something.
const flag = (name: string) => Deno.args[Deno.args.indexOf(`--${name}`) + 1];
const numRuns = Deno.args.includes("--runs") ? Number(flag("runs")) : 20_000;
const seed = Deno.args.includes("--seed") ? Number(flag("seed")) : Date.now() % 2 ** 31;

const app = await openFuzzApp();
const counts = new Map<number, number>();
await fc.assert(
  fc.asyncProperty(fuzzRequest, async (request) => {
    const status = await requireSound(app.handler, request);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }),
  { numRuns, seed, endOnFailure: true },
);
const told = [...counts].toSorted(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`);
printLine(`${numRuns} requests, seed ${seed}. ${told.join(", ")}`);
await app.close();
Deno.exit(0);
