import { setTimeout as pause } from "node:timers/promises";
import type { Interval } from "../lib/core/interval.ts";
import { intervalMs } from "../lib/core/interval.ts";
import { type Db, openDatabase } from "../lib/store/postgres/connection/database.ts";
import { openCluster } from "../lib/store/cluster/embedded_cluster.ts";
import { compareRows, storedRows } from "../lib/testing/collector.ts";
import { silent } from "../lib/testing/postgres.ts";
import { startReplica } from "../lib/testing/replica.ts";
import { type ServerProcess, startServer, waitFor } from "../lib/testing/server_process.ts";
import { type Check, peakWeight } from "./check.ts";
import { spawnSimulator } from "./simulator_process.ts";

const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
const INTERVALS: Interval[] = ["1m", "1h"];
const SERIES = SYMBOLS.flatMap((symbol) => INTERVALS.map((interval) => ({ symbol, interval })));
const KILL_EVERY_MS = 20_000;
/** So low that the two come to its end. */
const LIMIT = 600;
const PATHS = [
  "/api/candles?symbol=BTCUSDT&interval=1m",
  "/export?symbol=ETHUSDT&interval=1m",
  "/charts?symbol=SOLUSDT&interval=1h",
  "/api/series",
  "/api/gaps?symbol=BTCUSDT&interval=1m",
  "/status",
];

/** Answers by status, of instances that nobody had killed. */
class Visitors {
  readonly answers = new Map<number, number>();
  broken = 0;

  /** Asks for one page after another, until `isOver`. */
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
 * Two instances on one PostgreSQL with a streaming replica and one KV, under load, one of them killed
 * with SIGKILL every 20 s: `deno task soak instances [SECONDS]`, 300 unless given.
 */
export async function soakInstances([seconds = "300"]: string[]): Promise<Check[]> {
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
  const env = {
    DATA_DIR: dataDir,
    DATABASE_URL: cluster.url,
    DATABASE_READ_URL: replica.url,
    BINANCE_URLS: simulator.url,
    COINGECKO_URL: simulator.url,
    SYMBOLS: SYMBOLS.join(),
    INTERVALS: INTERVALS.join(),
  };
  const instances: (ServerProcess | undefined)[] = [await startServer(env), await startServer(env)];
  await waitFor(async () => {
    const response = await fetch(`${instances[0]!.url}/api/series`);
    const { series = [] } = await response.json();
    return series.length === SERIES.length && series.every((one: { rows: number }) => one.rows > 0);
  }, 120_000);

  const visitors = new Visitors();
  let isOver = false;
  const visits = [0, 1].flatMap((i) =>
    [1, 2].map(() => visitors.visit(() => instances[i], () => isOver))
  );
  const deadline = Date.now() + Number(seconds) * 1_000;
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

  const fresh = await waitFor(() => areFresh(db), 180_000).catch(() => false);
  for (const one of instances) {
    await one!.kill("SIGTERM");
    ended.push(one!);
  }
  const readers = ended.filter((one) => one.output().includes("Reading from the replica"));
  const requests = await simulator.requests();
  const differences = await compareAll(db, simulator.candles);
  const onReplica = openDatabase({ url: replica.url, log: silent });
  const rows = await countRows(db);
  const hasSame = await waitFor(async () => await countRows(onReplica) === rows, 60_000)
    .catch(() => false);
  await Promise.all([db.close(), onReplica.close()]);
  await replica.close();
  await cluster.release();
  await simulator.stop();
  await Deno.remove(dataDir, { recursive: true });

  const { answers, broken } = visitors;
  const failed = [...answers].filter(([status]) => status >= 500);
  const peak = peakWeight(requests);
  const refused = requests.filter(({ status }) => status === 429 || status === 418).length;
  return [
    {
      claim: "no candle is lost, doubled or bent",
      isMet: differences.length === 0 && fresh && hasSame,
      found: `${rows} candles after ${kills} kills, the same on the replica; ` +
        (differences.join("; ") || "no difference"),
    },
    {
      claim: `no request over the budget of ${LIMIT} in any 60 seconds`,
      isMet: peak <= LIMIT && refused === 0,
      found: `${peak} at most in ${requests.length} requests, ${refused} refused`,
    },
    {
      claim: "no 5xx from whoever was alive",
      isMet: failed.length === 0 && broken === 0,
      found: `${[...answers].map(([status, count]) => `${count} × ${status}`)}, ${broken} broken`,
    },
    {
      claim: "the replica was read from",
      // One that has just started may not have been asked anything.
      isMet: readers.length > 0,
      found: `by ${readers.length} of ${ended.length} processes`,
    },
  ];
}

/** Whether the newest candle of every series is the last one that has closed. */
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

/** What is stored against what the exchange serves of the same stretch. */
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
