import { setTimeout as pause } from "node:timers/promises";
import type { Interval } from "../../lib/core/interval.ts";
import { intervalMs } from "../../lib/core/interval.ts";
import { type Db, openDatabase } from "../../lib/store/postgres/connection/database.ts";
import { openCluster } from "../../lib/store/cluster/embedded_cluster.ts";
import { compareRows, storedRows } from "../../lib/testing/collector.ts";
import { silent } from "../../lib/testing/database/postgres.ts";
import { startReplica } from "../../lib/testing/database/replica.ts";
import { type ServerProcess, startServer, waitFor } from "../../lib/testing/server_process.ts";
import { type Check, peakWeight } from "../check.ts";
import type { LoggedRequest } from "../../packages/simulator/request_log.ts";
import { spawnSimulator } from "../simulator_process.ts";

const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
const INTERVALS: Interval[] = ["1m", "1h"];
const SERIES = SYMBOLS.flatMap((symbol) => INTERVALS.map((interval) => ({ symbol, interval })));
const KILL_EVERY_MS = 20_000;
/** Low enough to be reached. */
const LIMIT = 600;
const PATHS = [
  "/api/candles?symbol=BTCUSDT&interval=1m",
  "/export?symbol=ETHUSDT&interval=1m",
  "/charts?symbol=SOLUSDT&interval=1h",
  "/api/series",
  "/api/gaps?symbol=BTCUSDT&interval=1m",
  "/status",
];

/** Responses by status, of instances that were not killed while they answered. */
class Visitors {
  readonly answers = new Map<number, number>();
  broken = 0;

  /** Requests one page after another, until `isOver`. */
  async visit(instance: () => ServerProcess | undefined, isOver: () => boolean): Promise<void> {
    for (let turn = 0; !isOver(); turn++) {
      const server = instance();
      if (server === undefined) {
        await pause(100);
        continue;
      }
      try {
        const response = await fetch(server.url + PATHS[turn % PATHS.length]);
        await response.arrayBuffer();
        if (instance() !== server) continue;
        this.answers.set(response.status, (this.answers.get(response.status) ?? 0) + 1);
      } catch {
        if (instance() === server) this.broken++;
      }
    }
  }
}

/**
 * Two instances on one PostgreSQL with a streaming replica and one KV, under load. One of them is
 * killed with SIGKILL every 20 s: `deno task soak instances [SECONDS]`, default 300.
 */
export async function soakInstances([seconds = "300"]: string[]): Promise<Check[]> {
  const stage = await openStage();
  const { db, replica, simulator, env } = stage;
  const instances: Instances = [await startServer(env), await startServer(env)];
  await waitFor(() => haveCandles(instances[0]!), 120_000);
  const visitors = new Visitors();
  const { ended, kills } = await killInTurn(instances, visitors, Number(seconds) * 1_000, env);
  const isFresh = await waitFor(() => areFresh(db), 180_000).catch(() => false);
  for (const one of instances) {
    await one!.kill("SIGTERM");
    ended.push(one!);
  }
  const requests = await simulator.requests();
  const differences = await compareAll(db, simulator.candles);
  const rows = await countRows(db);
  const hasSame = await waitFor(async () => await countRows(replica.db) === rows, 60_000)
    .catch(() => false);
  await stage.close();
  return [
    {
      claim: "no candle is lost, stored twice or changed",
      isMet: differences.length === 0 && isFresh && hasSame,
      found: `${rows} candles after ${kills} kills, the same on the replica; ` +
        (differences.join("; ") || "no difference"),
    },
    checkBudget(requests),
    checkAnswers(visitors),
    checkReplicaUse(ended),
  ];
}

/** `undefined` while one is being replaced. */
type Instances = (ServerProcess | undefined)[];

/** The simulator, and a database with a streaming replica. */
async function openStage() {
  const simulator = await spawnSimulator([
    "--no-outages",
    "--since",
    "2026-07-01",
    "--weight-limit",
    String(LIMIT),
  ]);
  const dataDir = await Deno.makeTempDir({ prefix: "instances-", dir: "/tmp" });
  await Deno.chmod(dataDir, 0o755);
  const cluster = await openCluster(dataDir, silent);
  const db = openDatabase({ url: cluster.url, log: silent });
  const [row] = await db.query<{ data: string }>(
    "select current_setting('data_directory') as data",
  );
  const replica = await startReplica(cluster.url, row!.data);
  const onReplica = openDatabase({ url: replica.url, log: silent });
  return {
    simulator,
    db,
    replica: { db: onReplica },
    env: {
      DATA_DIR: dataDir,
      DATABASE_URL: cluster.url,
      DATABASE_READ_URL: replica.url,
      BINANCE_URLS: simulator.url,
      COINGECKO_URL: simulator.url,
      SYMBOLS: SYMBOLS.join(),
      INTERVALS: INTERVALS.join(),
    },
    async close() {
      await Promise.all([db.close(), onReplica.close()]);
      await replica.close();
      await cluster.release();
      await simulator.stop();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

async function haveCandles({ url }: ServerProcess): Promise<boolean> {
  const response = await fetch(`${url}/api/series`);
  const { series = [] } = await response.json();
  return series.length === SERIES.length && series.every((one: { rows: number }) => one.rows > 0);
}

/** Replaces one instance after the other while visitors use both. */
async function killInTurn(
  instances: Instances,
  visitors: Visitors,
  durationMs: number,
  env: Record<string, string>,
): Promise<{ ended: ServerProcess[]; kills: number }> {
  let isOver = false;
  const visits = [0, 1].flatMap((i) =>
    [1, 2].map(() => visitors.visit(() => instances[i], () => isOver))
  );
  const deadline = Date.now() + durationMs;
  const ended: ServerProcess[] = [];
  let kills = 0;
  while (Date.now() < deadline) {
    await pause(KILL_EVERY_MS);
    const victim = kills++ % 2;
    const server = instances[victim]!;
    instances[victim] = undefined;
    await server.kill("SIGKILL");
    ended.push(server);
    instances[victim] = await startServer(env);
  }
  isOver = true;
  await Promise.all(visits);
  return { ended, kills };
}

function checkBudget(requests: readonly LoggedRequest[]): Check {
  const peak = peakWeight(requests);
  const refused = requests.filter(({ status }) => status === 429 || status === 418).length;
  return {
    claim: `the weight of any 60 seconds stays within ${LIMIT}`,
    isMet: peak <= LIMIT && refused === 0,
    found: `${peak} at most in ${requests.length} requests, ${refused} refused`,
  };
}

function checkAnswers({ answers, broken }: Visitors): Check {
  const failed = [...answers].filter(([status]) => status >= 500);
  return {
    claim: "running instances answer no 5xx",
    isMet: failed.length === 0 && broken === 0,
    found: `${[...answers].map(([status, count]) => `${count} × ${status}`)}, ${broken} broken`,
  };
}

/** An instance killed early may not have read anything. */
function checkReplicaUse(ended: readonly ServerProcess[]): Check {
  const readers = ended.filter((one) => one.output().includes("Reading from the replica"));
  return {
    claim: "instances read from the replica",
    isMet: readers.length > 0,
    found: `${readers.length} of ${ended.length} processes`,
  };
}

/** True if the newest candle of every series is the last closed one. */
async function areFresh(db: Db): Promise<boolean> {
  const rows = await db.query<{ interval: Interval; last: number }>(
    "select interval, last_open_time as last from series",
  );
  return rows.every(({ interval, last }) => Date.now() - last < 3 * intervalMs(interval));
}

async function countRows(db: Db): Promise<number> {
  const [row] = await db.query<{ count: number }>("select count(*) from klines");
  return row!.count;
}

/** Differences between the stored candles and those of the exchange in the same range. */
async function compareAll(
  db: Db,
  candles: (symbol: string, interval: string) => Promise<(string | number)[][]>,
): Promise<string[]> {
  const differences: string[] = [];
  for (const { symbol, interval } of SERIES) {
    const stored = await storedRows(db, { symbol, interval });
    const [first, last] = [stored[0]![0]!, stored.at(-1)![0]!];
    const served = (await candles(symbol, interval))
      .filter(([open]) => open! >= first && open! <= last);
    const difference = compareRows(stored, served);
    if (difference !== "") differences.push(`${symbol} ${interval}: ${difference}`);
  }
  return differences;
}
