import { printLine } from "../../lib/log.ts";
import { MINUTE_MS, SECOND_MS } from "../../lib/core/time.ts";
import type { Db } from "../../lib/store/postgres/connection/database.ts";
import { compareRows, storedRows } from "../../lib/testing/collector.ts";
import { createTestDatabase } from "../../lib/testing/database/postgres.ts";
import { startServer } from "../../lib/testing/server_process.ts";
import type { Check } from "../check.ts";
import { type SimulatorProcess, spawnSimulator } from "../simulator_process.ts";

const CUTS = 3;
/** Second of the minute at which the connections are cut: the three are spread over it. */
const CUT_SECONDS = [12, 30, 48];
const MAX_WEIGHT = 0.01;

/**
 * Symbols at 1m in real time, collected from streams that are cut three times:
 * `deno task soak streams [MINUTES] [SYMBOLS]`, 30 minutes and 50 symbols by default.
 */
export async function soakStreams([minutes = "30", count = "50"]: string[]): Promise<Check[]> {
  const symbols = Array.from({ length: Number(count) }, (_, i) => `S${i + 1}USDT`);
  const since = new Date(Date.now() - 3 * 60 * MINUTE_MS).toISOString();
  const simulator = await spawnSimulator(["--since", since, "--symbols", symbols.join()]);
  const { db, url, close } = await createTestDatabase();
  const dataDir = await Deno.makeTempDir({ prefix: "wick-soak-", dir: "/tmp" });
  const server = await startServer({
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    BINANCE_URLS: simulator.url,
    BINANCE_STREAM_URL: simulator.url.replace("http", "ws"),
    COINGECKO_URL: simulator.url,
    SYMBOLS: symbols.join(),
    INTERVALS: "1m",
  });
  try {
    return await follow({ simulator, db, server, symbols }, Number(minutes));
  } finally {
    await server.kill("SIGTERM");
    await simulator.stop();
    await close();
    await Deno.remove(dataDir, { recursive: true });
  }
}

interface Parts {
  readonly simulator: SimulatorProcess;
  readonly db: Db;
  readonly server: { readonly url: string };
  readonly symbols: readonly string[];
}

async function follow(
  { simulator, db, server, symbols }: Parts,
  minutes: number,
): Promise<Check[]> {
  const streams = () =>
    simulator.control<{ connections: number[]; opened: number }>("GET", "streams");
  const followed = async () => (await streams()).connections.reduce((sum, size) => sum + size, 0);
  while (await followed() !== symbols.length) await sleep(SECOND_MS);
  const before = (await streams()).opened;
  await untilSecond(5);
  const [from, begin] = [Date.now(), await readMetrics(server.url)];
  const end = from + minutes * MINUTE_MS;
  for (let cut = 0; cut < CUTS; cut++) {
    await sleep(from + (cut + 1) * (end - from) / (CUTS + 1) - Date.now());
    await untilSecond(CUT_SECONDS[cut]!);
    await simulator.control("POST", "streams", { cut: "abrupt" });
    printLine(`cut ${cut + 1} at ${new Date().toISOString()}`);
  }
  await sleep(end - Date.now());
  await untilSecond(20);
  const weights = await weightsByJob(db, from);
  const metrics = await readMetrics(server.url);
  const grown = (name: string) => (metrics.get(name) ?? NaN) - (begin.get(name) ?? NaN);
  const streamed = grown('wick_stream_candles{source="stream"}');
  const refetched = grown('wick_stream_candles{source="rest"}');
  const weight = grown("wick_stream_weight");
  const { opened } = await simulator.control<{ opened: number }>("GET", "streams");
  const all = (await simulator.requests()).filter(({ at }) => at >= from);
  const total = all.reduce((sum, request) => sum + request.weight, 0);
  const differences = await findDifferences(simulator, db, symbols);
  const gaps = await db.query("select from gaps where class = 'pending'");
  return [
    {
      claim: `${symbols.length} symbols at 1m equal the exchange to the digit after ${minutes} min`,
      isMet: differences.length === 0 && gaps.length === 0,
      found: `${differences.length} series differ (${differences[0] ?? ""}), ${gaps.length} gaps`,
    },
    {
      claim: `connections are opened again after each of ${CUTS} cuts`,
      isMet: opened === before * (1 + CUTS) &&
        streamed + refetched >= symbols.length * (minutes - 1),
      found: `${opened} opened; ${streamed} candles from streams, ${refetched} by REST; ` +
        `server: ${(grown("process_cpu_seconds_total") / minutes).toFixed(1)} s of CPU a minute, ` +
        `${Math.round(metrics.get("process_resident_memory_bytes")! / 1e6)} MB`,
    },
    {
      claim: `at most ${MAX_WEIGHT} weight per closed candle`,
      isMet: weight / (streamed + refetched) <= MAX_WEIGHT,
      found: `${weight} for ${streamed + refetched} candles, ` +
        `${(weight / (streamed + refetched)).toFixed(4)} each; all requests: ${total} (${weights})`,
    },
  ];
}

async function findDifferences(
  simulator: SimulatorProcess,
  db: Db,
  symbols: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const symbol of symbols) {
    const served = await simulator.candles(symbol, "1m");
    const difference = compareRows(await storedRows(db, { symbol, interval: "1m" }), served);
    if (difference !== "") found.push(`${symbol}: ${difference}`);
  }
  return found;
}

/** Weight of the runs since then, by job. */
async function weightsByJob(db: Db, since: number): Promise<string> {
  const rows = await db.query<{ job: string; weight: number; runs: number }>(
    `select job, sum(weight)::int as weight, count(*)::int as runs from runs
     where started_at >= $1 group by job order by job`,
    [new Date(since)],
  );
  return rows.map(({ job, weight, runs }) => `${job} ${weight} in ${runs} runs`).join(", ");
}

async function readMetrics(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map([...text.matchAll(/^(\S+) (\S+)$/gm)].map((m) => [m[1]!, Number(m[2])]));
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** Waits for the next time at which the clock shows this second. */
async function untilSecond(second: number): Promise<void> {
  const wanted = second * SECOND_MS;
  await sleep((wanted - Date.now() % MINUTE_MS + MINUTE_MS) % MINUTE_MS);
}
