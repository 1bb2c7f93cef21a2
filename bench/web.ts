import { join } from "node:path";
import { startSimulator } from "../packages/simulator/simulator.ts";
import { HOUR_MS } from "../lib/core/time.ts";
import { CURL, getProgram } from "../lib/testing/programs.ts";
import { build, type ServerProcess, startServer, waitFor } from "../lib/testing/server_process.ts";
import { openCluster } from "../lib/store/cluster/embedded_cluster.ts";
import { silent } from "../lib/testing/database/postgres.ts";
import { cost, type Figure, inTurn, median, RUNS } from "./figure.ts";
import { fixedServer, type LoadOptions, requestRepeatedly, requestsPerCpuSecond } from "./load.ts";
import { clusterCpuMs, processCpuMs, residentMiB } from "./process_cost.ts";

const AS_BROWSERS = { headers: { "accept-encoding": "gzip, deflate, br, zstd" } };
const QUERY = "symbol=BTCUSDT&interval=1h";
const SYMBOLS = ["BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT", "XRPUSDT"];
const SINCE = Date.UTC(2026, 0, 1);
/** More than are requested in a run. */
const NEW_PATHS = 20_000;

/** A real server with a real store, compared with `Deno.serve` answering from memory. */
export async function benchWeb(): Promise<Figure[]> {
  await build();
  const simulator = await startSimulator({ since: SINCE });
  const dataDir = await Deno.makeTempDir({ prefix: "wick-bench-", dir: "/tmp" });
  await Deno.chmod(dataDir, 0o755);
  const env = { DATA_DIR: dataDir, BINANCE_URLS: simulator.url, COINGECKO_URL: simulator.url };
  const server = await startServer(env);
  await waitFor(() => server.output().includes("Finished backfill"), 120_000);
  const cluster = await openCluster(dataDir, silent);
  const pidFile = join(cluster.folder, "postmaster.pid");

  const figures = [
    await compareSameBytes(server, `/api/candles?${QUERY}`, {}, 0.8),
    await compareSameBytes(server, `/api/v3/klines?${QUERY}&limit=1000`, {}, 0.8),
    await compareSameBytes(server, `/charts?${QUERY}`, AS_BROWSERS, 0.6),
    await measureNew(server, pidFile, "/charts, a new address of one range", sameRange()),
    await measureNew(server, pidFile, "/charts, a new range of a series", newRanges()),
    cost("resident memory after these requests", "MiB", residentMiB(server.pid), 512),
  ];
  await cluster.release();
  await server.kill("SIGTERM");
  const coldStarts = await measureColdStarts(env);
  await simulator.close();
  await Deno.remove(dataDir, { recursive: true });
  return [...figures, cost("cold start to the first 200 on /readyz", "s", median(coldStarts), 1)];
}

/** Measures requests of one address, compared with as many bytes from memory. */
async function compareSameBytes(
  server: ServerProcess,
  path: string,
  options: LoadOptions,
  budget: number,
): Promise<Figure> {
  const url = server.url + path;
  const same = await fixedServer(await bytesOf(url, options));
  const { a, b } = await inTurn(
    () => requestsPerCpuSecond(server.pid, url, options),
    () => requestsPerCpuSecond(same.pid, same.url),
  );
  await same.stop();
  return {
    name: `${path.split("?")[0]}, same address again`,
    limit: "Deno.serve, same bytes from memory",
    unit: "req/CPU s",
    measured: a,
    limitMeasured: b,
    budget,
  };
}

/** Length of the response's body as sent. */
async function bytesOf(url: string, { headers = {} }: LoadOptions): Promise<number> {
  const given = Object.entries(headers).flatMap(([name, value]) => [
    "--header",
    `${name}: ${value}`,
  ]);
  const { stdout } = await new Deno.Command(getProgram(CURL), {
    args: ["--silent", ...given, url],
  }).output();
  return stdout.length;
}

/** Measures pages that were not requested before: CPU time of wick and PostgreSQL per page. */
async function measureNew(
  server: ServerProcess,
  pidFile: string,
  name: string,
  paths: readonly string[],
): Promise<Figure> {
  const cpuMs = async () => processCpuMs(server.pid) + await clusterCpuMs(pidFile);
  const perPage: number[] = [];
  const part = paths.length / RUNS;
  for (let run = 0; run < RUNS; run++) {
    const before = await cpuMs();
    const own = paths.slice(run * part, (run + 1) * part);
    const count = await requestRepeatedly(server.url, { ...AS_BROWSERS, paths: own });
    if (count > own.length) throw new Error("Addresses were requested twice");
    perPage.push((await cpuMs() - before) / count);
  }
  return cost(`${name}: CPU with PostgreSQL`, "ms", median(perPage), 4);
}

/** Unknown parameters are ignored on pages, so these show the same candles. */
function sameRange(): string[] {
  return Array.from({ length: NEW_PATHS }, (_, i) => `/charts?${QUERY}&each=${i}`);
}

function newRanges(): string[] {
  return Array.from({ length: NEW_PATHS }, (_, i) => {
    const symbol = SYMBOLS[i % SYMBOLS.length];
    const from = SINCE + i * 1_000;
    return `/charts?symbol=${symbol}&interval=1h&from=${from}&to=${from + 500 * HOUR_MS}`;
  });
}

/** Seconds from the start of the process; the database exists already. */
async function measureColdStarts(env: Record<string, string>): Promise<number[]> {
  const seconds: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const server = await startServer(env);
    await waitFor(async () => {
      const response = await fetch(`${server.url}/readyz`);
      await response.body?.cancel();
      return response.ok;
    });
    seconds.push((performance.now() - start) / 1000);
    await server.kill("SIGTERM");
  }
  return seconds;
}
