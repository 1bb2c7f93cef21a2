import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { intervalRule, listRule, timeRule } from "../lib/core/parameter_rules.ts";
import { DEFAULT_WEIGHT_LIMIT, REQUEST_WEIGHT, WEIGHT_SHARE } from "../lib/core/request_weight.ts";
import { MINUTE_MS, SECOND_MS, toIso } from "../lib/core/time.ts";
import { printLine } from "../lib/log.ts";
import { openCluster } from "../lib/store/cluster/embedded_cluster.ts";
import { type Db, openDatabase } from "../lib/store/postgres/connection/database.ts";
import { silent } from "../lib/testing/database/postgres.ts";
import { build, type ServerProcess, startServer, waitFor } from "../lib/testing/server_process.ts";
import type { LoggedRequest } from "../packages/simulator/request_log.ts";
import { peakWeight } from "./check.ts";
import type { Figure } from "./figure.ts";
import { clusterCpuMs, processCpuMs, residentMiB } from "./process_cost.ts";
import { type SimulatorProcess, spawnSimulator } from "./simulator_process.ts";

// deno task bench market [--symbols=600] [--intervals=1h,4h,1d] [--since=TIME] [--latency=60]
//   [--idle=10] [--no-history]
// A whole market on one server with the embedded PostgreSQL: the time to the first candles of every
// series, to every listing date and to the whole history since `--since`, then the cost of idling.

/** The repair of one tick is part of every window. */
const REPAIR_EVERY_MS = 10 * MINUTE_MS;
const LEAD_MS = 15 * SECOND_MS;
const PATIENCE_MS = 3 * 60 * MINUTE_MS;
/** At 1,500 series, per ten minutes. */
const IDLE = { series: 1_500, cpuSeconds: 10, weight: 700 };
const MAX_RSS_MIB = 512;

interface Options {
  readonly symbols: readonly string[];
  readonly intervals: readonly string[];
  readonly since: number;
  readonly latencyMs: number;
  readonly idleMs: number;
  readonly hasHistory: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    args: Deno.args.filter((arg) => arg.startsWith("--") && arg !== "--json"),
    options: {
      "symbols": { type: "string", default: "600" },
      "intervals": { type: "string", default: "1h,4h,1d" },
      "since": { type: "string", default: "2026-01-01" },
      "latency": { type: "string", default: "60" },
      "idle": { type: "string", default: "10" },
      "no-history": { type: "boolean", default: false },
    },
  });
  return {
    symbols: Array.from(
      { length: Number(values.symbols) },
      (_, i) => `S${String(i).padStart(4, "0")}USDT`,
    ),
    intervals: listRule(intervalRule).parse(values.intervals),
    since: timeRule.parse(values.since),
    latencyMs: Number(values.latency),
    idleMs: Number(values.idle) * MINUTE_MS,
    hasHistory: !values["no-history"],
  };
}

export async function benchMarket(): Promise<Figure[]> {
  const options = readOptions();
  await build();
  const stage = await openStage(options);
  try {
    const first = await stage.until("first candles", ({ empty }) => empty === 0);
    const listed = await stage.until("listing dates", ({ unlisted }) => unlisted === 0);
    const whole = options.hasHistory
      ? await stage.until("history", ({ short, running }) => short + running === 0)
      : listed;
    const idle = options.idleMs === 0 ? undefined : await stage.idle(options.idleMs);
    return toFigures(options, stage, { first, listed, whole, idle });
  } finally {
    await stage.close();
  }
}

/** Counts of series, and of jobs that are running. */
interface Progress {
  readonly empty: number;
  readonly unlisted: number;
  readonly short: number;
  readonly rows: number;
  readonly running: number;
}

/** A point in time at which a phase was done. */
interface Reached {
  readonly seconds: number;
  readonly rows: number;
}

interface Idle {
  readonly cpuSeconds: number;
  readonly weight: number;
  readonly minutes: number;
}

type Stage = Awaited<ReturnType<typeof openStage>>;

async function openStage(options: Options) {
  const dataDir = await Deno.makeTempDir({ prefix: "wick-market-", dir: "/tmp" });
  const simulator = await spawnSimulator([
    "--plain",
    "--symbols",
    options.symbols.join(),
    "--since",
    toIso(options.since),
  ]);
  if (options.latencyMs > 0) {
    await simulator.control("POST", "faults", { kind: "slow", delayMs: options.latencyMs });
  }
  const start = Date.now();
  const server = await startServer({
    DATA_DIR: dataDir,
    BINANCE_URLS: simulator.url,
    COINGECKO_URL: simulator.url,
    SYMBOLS: options.symbols.join(),
    INTERVALS: options.intervals.join(),
  });
  const cluster = await openCluster(dataDir, silent);
  const db = openDatabase({ url: cluster.url, log: silent, maxConnections: 1 });
  const meters = createMeters(server, simulator, join(cluster.folder, "postmaster.pid"));
  const expected = options.symbols.length * options.intervals.length;
  return {
    ...meters,
    async until(phase: string, isDone: (progress: Progress) => boolean): Promise<Reached> {
      let rows = 0;
      await waitFor(async () => {
        const progress = await readProgress(db, expected).catch(() => undefined);
        if (server.hasEnded()) throw new Error(server.output());
        await meters.sample(progress);
        await pause(SECOND_MS);
        rows = progress?.rows ?? 0;
        return progress !== undefined && isDone(progress);
      }, PATIENCE_MS);
      const seconds = (Date.now() - start) / SECOND_MS;
      printLine(`${phase}: ${seconds.toFixed(0)} s, ${rows} candles, ${await meters.describe()}`);
      return { seconds, rows };
    },
    idle: (ms: number) => measureIdle(db, meters, ms),
    async close() {
      printLine(server.output().split("\n").slice(-40).join("\n"));
      await db.close();
      await cluster.release();
      await server.kill("SIGTERM");
      await simulator.stop();
      // An account that cannot reach the data folder has another one.
      for (const folder of [dataDir, cluster.folder]) {
        await Deno.remove(folder, { recursive: true }).catch(() => {});
      }
    },
  };
}

async function readProgress(db: Db, expected: number): Promise<Progress> {
  const [row] = await db.query<Progress>(
    `select ($1 - count(*) filter (where row_count > 0))::int as empty,
       ($1 - count(*) filter (where listed_at is not null))::int as unlisted,
       ($1 - count(*) filter (where first_open_time = listed_at))::int as short,
       coalesce(sum(row_count), 0)::int8 as rows,
       (select count(*) from runs where finished_at is null)::int as running
     from series`,
    [expected],
  );
  return row!;
}

/** CPU, memory and request weight of the server, sampled by its caller. */
function createMeters(server: ServerProcess, simulator: SimulatorProcess, pidFile: string) {
  const requests: Pick<LoggedRequest, "at" | "weight">[] = [];
  const peaks = { rssMiB: 0, status429: 0 };
  const sampling = setInterval(() => {
    if (!server.hasEnded()) peaks.rssMiB = Math.max(peaks.rssMiB, residentMiB(server.pid));
  }, 500);
  Deno.unrefTimer(sampling);
  let [last, printedAt] = [0, Date.now()];

  const costs = async () => ({
    wick: processCpuMs(server.pid) / SECOND_MS,
    postgres: await clusterCpuMs(pidFile),
    simulator: processCpuMs(simulator.pid) / SECOND_MS,
  });
  async function readWeight(): Promise<void> {
    const since = requests.at(-1)?.at ?? 0;
    for (const { id, at, weight, status } of await simulator.requests(`since=${since}`)) {
      if (id <= last) continue;
      last = id;
      requests.push({ at, weight });
      if (status === 429 || status === 418) peaks.status429++;
    }
  }
  async function describe(): Promise<string> {
    await readWeight();
    const { wick, postgres, simulator: other } = await costs();
    return `weight ${weightOf(requests)}, most per minute ${peakWeight(requests)}, ` +
      `RSS at most ${peaks.rssMiB.toFixed(0)} MiB, CPU wick ${wick.toFixed(0)} s, PostgreSQL ${
        (postgres / SECOND_MS).toFixed(0)
      } s, simulator ${other.toFixed(0)} s, load ${Deno.loadavg()[0]!.toFixed(1)}`;
  }
  return {
    peaks,
    requests,
    describe,
    readWeight,
    costs,
    async sample(progress: Progress | undefined): Promise<void> {
      if (Date.now() - printedAt < 30 * SECOND_MS) return;
      printedAt = Date.now();
      printLine(`${JSON.stringify(progress)} ${await describe()}`);
    },
  };
}

type Meters = ReturnType<typeof createMeters>;

const weightOf = (requests: readonly { readonly weight: number }[]) =>
  requests.reduce((sum, { weight }) => sum + weight, 0);

/** Begins shortly before a tick of the repair, when no job is running. */
async function measureIdle(db: Db, meters: Meters, ms: number): Promise<Idle> {
  const isBusy = async () => {
    const [row] = await db.query<{ busy: boolean }>(
      `select exists (select from runs where finished_at is null)
         or exists (select from pg_stat_activity where backend_type = 'autovacuum worker') as busy`,
    );
    return row!.busy;
  };
  await waitFor(async () => {
    await pause(SECOND_MS);
    const left = REPAIR_EVERY_MS - Date.now() % REPAIR_EVERY_MS;
    return left <= LEAD_MS && !await isBusy();
  }, 40 * MINUTE_MS);
  await meters.readWeight();
  const [before, start] = [await meters.costs(), new Date()];
  const sent = weightOf(meters.requests);
  await pause(ms);
  await meters.readWeight();
  const after = await meters.costs();
  const runs = await db.query<{ job: string; runs: number; weight: number; fetched: number }>(
    `select job, count(*)::int as runs, sum(weight)::int as weight, sum(fetched)::int as fetched
     from runs where started_at > $1 group by job order by job`,
    [start.toISOString()],
  );
  const wick = after.wick - before.wick;
  const postgres = (after.postgres - before.postgres) / SECOND_MS;
  // The dates of symbols that are not collected are looked up once, some in every run.
  const once = runs.find(({ job }) => job === "universe")?.weight ?? 0;
  const weight = weightOf(meters.requests) - sent - once;
  const minutes = ms / MINUTE_MS;
  printLine(
    `idle from ${start.toISOString()} for ${minutes} min: CPU wick ${wick.toFixed(1)} s, ` +
      `PostgreSQL ${
        postgres.toFixed(1)
      } s, weight ${weight} and ${once} for dates of symbols, runs ` +
      JSON.stringify(runs),
  );
  return { cpuSeconds: wick + postgres, weight, minutes };
}

interface Phases {
  readonly first: Reached;
  readonly listed: Reached;
  readonly whole: Reached;
  readonly idle: Idle | undefined;
}

async function toFigures(options: Options, stage: Stage, phases: Phases): Promise<Figure[]> {
  await stage.readWeight();
  const count = options.symbols.length * options.intervals.length;
  const perSecond = DEFAULT_WEIGHT_LIMIT * WEIGHT_SHARE / 60 / REQUEST_WEIGHT.klines;
  const cost = { limit: "-", limitMeasured: 0, isCost: true };
  const scale = Math.max(1, count / IDLE.series);
  const { first, listed, whole, idle } = phases;
  printLine(
    `${count} series: first candles after ${first.seconds.toFixed(0)} s, listing dates after ${
      listed.seconds.toFixed(0)
    } s, ${whole.rows} candles since ${toIso(options.since)} after ${whole.seconds.toFixed(0)} s`,
  );
  return [
    {
      name: `first candles of ${count} series`,
      limit: "the request weight",
      unit: "series/s",
      measured: count / first.seconds,
      limitMeasured: perSecond,
      budget: 0.5,
    },
    {
      ...cost,
      name: "request weight of any 60 seconds",
      unit: "",
      measured: peakWeight(stage.requests),
      budget: DEFAULT_WEIGHT_LIMIT,
    },
    { ...cost, name: "refused requests", unit: "", measured: stage.peaks.status429, budget: 0 },
    {
      ...cost,
      name: "resident memory, at most",
      unit: "MiB",
      measured: stage.peaks.rssMiB,
      budget: MAX_RSS_MIB,
    },
    ...idle === undefined ? [] : [
      {
        ...cost,
        name: `idle for ${idle.minutes} minutes, CPU with PostgreSQL`,
        unit: "s",
        measured: idle.cpuSeconds,
        budget: IDLE.cpuSeconds * scale,
      },
      {
        ...cost,
        name: `idle for ${idle.minutes} minutes, request weight`,
        unit: "",
        measured: idle.weight,
        budget: IDLE.weight * scale,
      },
    ],
  ];
}
