import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { settlesWithin } from "../../lib/core/deadline.ts";
import { printLine } from "../../lib/log.ts";
import { waitFor } from "../../lib/testing/server_process.ts";
import { inspect, withStore } from "../chaos/invariants.ts";
import { calmMarket, openMarket } from "../chaos/market.ts";
import { EXCHANGE_CHAOS } from "../chaos/network_faults.ts";
import { end, openStage, type Stage } from "../chaos/stage.ts";
import type { Check } from "../check.ts";
import { MixedLoad } from "../mixed_load.ts";
import { openFiles, residentMB } from "../process_figures.ts";

const SAMPLE_MS = 5_000;
const PRINT_EVERY = 6;
const CALM_MS = 20_000;
/** Time for visitors and samples at the end of a run. */
const LEAVE_MS = 90_000;

interface Sample {
  readonly residentMB: number;
  readonly files: number;
  readonly sockets: number;
  /** Connections to PostgreSQL; `undefined` while it is unavailable. */
  readonly connections: number | undefined;
  /** Response times of `/healthz`, median and 99th percentile. */
  readonly lagMs: readonly [number, number];
}

/** Faults of wick's dependencies, one after another, during the whole soak. */
const FAULTS: readonly (readonly [string, (stage: Stage) => Promise<void>])[] = [
  ["database cut for 3 s", async ({ database }) => {
    database.cut();
    await pause(3_000);
    database.mend();
  }],
  ["exchange faults for 20 s", async ({ simulator }) => {
    await simulator.control("POST", "chaos", { rates: EXCHANGE_CHAOS, seed: 1 });
    await pause(20_000);
    await simulator.control("DELETE", "chaos");
  }],
  ["PostgreSQL killed", async (stage) => {
    end((await stage.postgresPids())[0]!);
    await pause(1_000);
    await stage.reviveDatabase();
  }],
  ["exchange held for 10 s", async ({ exchange }) => {
    exchange.hold();
    await pause(10_000);
    exchange.mend();
  }],
  ["database held for 4 s", async ({ database }) => {
    database.hold();
    await pause(4_000);
    database.mend();
  }],
  ["a backend killed", async (stage) => {
    const [, ...children] = await stage.postgresPids();
    end(children.at(-1)!);
    await pause(1_000);
  }],
];

/**
 * Visitors, exports and live viewers, with a fault every 20 s: `deno task soak mixed [--minutes
 * 30]`. Memory, descriptors, connections and lag must not grow.
 */
export async function soakMixed(args: string[]): Promise<Check[]> {
  const { values } = parseArgs({ args, options: { minutes: { type: "string", default: "30" } } });
  const simulator = await openMarket();
  await calmMarket(simulator);
  const stage = await openStage({ database: "server" }, simulator, 1);
  const server = await stage.start();
  stage.readiness.start();
  const load = new MixedLoad(server.url);
  load.start();
  const over = new AbortController();
  const samples: Sample[] = [];
  const sampling = sampleUntil(over.signal, stage, load, samples);
  const deadline = Date.now() + Number(values.minutes) * 60_000;
  let struck = 0;
  while (Date.now() < deadline && !server.hasEnded()) {
    await pause(CALM_MS);
    const [name, strike] = FAULTS[struck++ % FAULTS.length]!;
    printLine(`${clock()} ${name}`);
    await strike(stage);
  }
  await pause(CALM_MS);
  over.abort();
  if (!await settlesWithin(Promise.all([sampling, load.stop()]), LEAVE_MS)) {
    printLine("Visitors or samples did not end in time");
  }
  const verdict = await waitFor(async () => {
    const url = (await stage.storeUrl())!;
    const found = await withStore(url, (db) => inspect(db, simulator)).catch(() => undefined);
    return found?.problems.length === 0 && found;
  }, 120_000).catch(() => undefined);
  const wrong = stage.readiness.judge();
  await stage.close();
  await simulator.stop();
  return [
    ...flatness(samples),
    {
      claim: "only responses 2xx, 404, 429 and 503, and only exports are cut off",
      isMet: load.broken.length === 0 && [...load.answers.keys()].every(isExpected),
      found: [
        ...[...load.answers].map(([status, count]) => `${count} × ${status}`),
        `broken: ${load.broken.join(" ") || "none"}`,
        `${load.cutExports} exports cut by a fault`,
        `${load.events} live events`,
        `${struck} faults`,
      ].join(", "),
    },
    {
      claim: "/readyz was correct",
      isMet: wrong.length === 0,
      found: wrong.join("; ") || `${stage.readiness.samples.length} answers`,
    },
    {
      claim: "the database equals the exchange",
      isMet: verdict !== undefined,
      found: verdict === undefined ? "not within 120 s" : `${verdict.rows} candles`,
    },
  ];
}

function isExpected(status: number): boolean {
  return status < 300 || [404, 429, 503].includes(status);
}

async function sampleUntil(
  signal: AbortSignal,
  stage: Stage,
  load: MixedLoad,
  samples: Sample[],
): Promise<void> {
  const { server } = stage;
  while (!signal.aborted && !server.hasEnded()) {
    await pause(SAMPLE_MS);
    const { all, sockets } = openFiles(server.pid);
    const times = load.healthMs.splice(0).toSorted((a, b) => a - b);
    const sample: Sample = {
      residentMB: residentMB(server.pid),
      files: all,
      sockets,
      connections: await countConnections(stage).catch(() => undefined),
      lagMs: [quantile(times, 0.5), quantile(times, 0.99)],
    };
    samples.push(sample);
    if (samples.length % PRINT_EVERY === 1) printSample(sample);
  }
}

function printSample({ residentMB, files, sockets, connections, lagMs }: Sample): void {
  printLine(
    `${clock()} RSS ${residentMB} MB, ${files} files of which ${sockets} sockets, ` +
      `${connections ?? "no"} connections to PostgreSQL, ` +
      `/healthz ${lagMs.map((ms) => ms.toFixed(1)).join(" / ")} ms (median, p99)`,
  );
}

/** wick's connections, without this one. */
async function countConnections(stage: Stage): Promise<number> {
  const url = (await stage.storeUrl())!;
  const [row] = await withStore(url, (db) =>
    db.query<{ count: number }>(
      "select count(*) from pg_stat_activity " +
        "where backend_type = 'client backend' and pid <> pg_backend_pid()",
    ));
  return row!.count;
}

/** Compares the second fifth of a run, after warm-up, with the last. */
function flatness(samples: readonly Sample[]): Check[] {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  const [early, late] = [samples.slice(fifth, 2 * fifth), samples.slice(-fifth)];
  const compare = (claim: string, read: (sample: Sample) => number, slack: number): Check => {
    const [from, to] = [early, late].map((part) => median(part.map(read)));
    return {
      claim,
      isMet: to! <= from! + slack,
      found: `${from!.toFixed(1)}, at the end ${to!.toFixed(1)}, ` +
        `at most ${Math.max(...samples.map(read)).toFixed(1)}`,
    };
  };
  return [
    compare("memory stays flat (RSS, MB)", ({ residentMB }) => residentMB, 64),
    compare("open files stay flat", ({ files }) => files, 10),
    compare("sockets stay flat", ({ sockets }) => sockets, 10),
    compare("connections to PostgreSQL stay flat", ({ connections = 0 }) => connections, 1),
    compare("the event loop's lag stays flat (p99 of /healthz, ms)", ({ lagMs }) => lagMs[1], 50),
  ];
}

function median(values: readonly number[]): number {
  return quantile(values.toSorted((a, b) => a - b), 0.5);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function clock(): string {
  return new Date().toISOString().slice(11, 19);
}
