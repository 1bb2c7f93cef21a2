import { parseArgs } from "node:util";
import { printLine } from "../lib/log.ts";
import { createTestDatabase, testDataDir } from "../lib/testing/database/postgres.ts";
import { build, type ServerProcess, startServer, waitFor } from "../lib/testing/server_process.ts";
import { repeatBeside, send } from "./costly_client.ts";
import { COSTLY, type CostlyRequest } from "./costly_requests.ts";
import { fillStore, LONG, SHORT } from "./costly_store.ts";
import { clusterCpuMs, processCpuMs, residentMiB } from "./process_cost.ts";

// deno run -A bench/costly.ts [--only NAME,…] [--seconds 4] [--clients 2] [--json]
// Cost of each expensive request, and response times of /healthz and /charts while clients repeat
// it. Idle times are from the same run, because only the difference is meaningful on a busy
// machine.
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "4" },
    clients: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
  },
});
const durationMs = Number(values.seconds) * 1_000;
const PROBE_EVERY_MS = 20;
const CHARTS_EVERY_MS = 250;

/** Cost of one request when idle, and its effect on other requests. */
interface Cost {
  readonly name: string;
  readonly status: string;
  readonly ms: number;
  readonly wickMs: number;
  readonly postgresMs: number;
  readonly kib: number;
  readonly growthMiB: number;
  readonly beside: Beside;
}

interface Beside {
  readonly healthzP99: number;
  readonly chartsMedian: number;
  readonly chartsMost: number;
}

async function measure(server: ServerProcess, request: CostlyRequest): Promise<Cost> {
  const own = AbortSignal.timeout(request.readsForMs ?? 10_000);
  const before = await costs(server);
  let peak = before.residentMiB;
  const sampling = setInterval(() => peak = Math.max(peak, residentMiB(server.pid)), 20);
  const start = performance.now();
  const { status, bytes } = await send(server.url, request, { signal: own });
  const ms = performance.now() - start;
  clearInterval(sampling);
  const after = await costs(server);
  return {
    name: request.name,
    status,
    ms,
    wickMs: after.wickMs - before.wickMs,
    postgresMs: after.postgresMs - before.postgresMs,
    kib: bytes / 1024,
    growthMiB: peak - before.residentMiB,
    beside: await probeBeside(server, request),
  };
}

async function costs(server: ServerProcess) {
  return {
    wickMs: processCpuMs(server.pid),
    postgresMs: await clusterCpuMs(`${testDataDir}/postgres/postmaster.pid`),
    residentMiB: residentMiB(server.pid),
  };
}

/** Probes while clients repeat `request`. */
function probeBeside(server: ServerProcess, request: CostlyRequest): Promise<Beside> {
  const load = { origin: server.url, request, clients: Number(values.clients) };
  return repeatBeside(load, () => probeServer(server));
}

async function probeServer(server: ServerProcess): Promise<Beside> {
  const [healthz, charts] = await Promise.all([
    probe(`${server.url}/healthz`, PROBE_EVERY_MS),
    probe(`${server.url}/charts?symbol=BTCUSDT&interval=1m`, CHARTS_EVERY_MS),
  ]);
  return {
    healthzP99: healthz[Math.ceil(healthz.length * 0.99) - 1]!,
    chartsMedian: charts[Math.floor(charts.length / 2)]!,
    chartsMost: charts.at(-1)!,
  };
}

/** Response times of `url` in ms, ascending. */
async function probe(url: string, everyMs: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    const start = performance.now();
    const response = await fetch(url);
    await response.arrayBuffer();
    times.push(performance.now() - start);
    await pause(Math.max(0, everyMs - (performance.now() - start)));
  }
  return times.sort((a, b) => a - b);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const whole = (value: number) => Math.round(value).toLocaleString("en");

const besideCells = ({ healthzP99, chartsMedian, chartsMost }: Beside) =>
  [healthzP99, chartsMedian, chartsMost].map(whole);

function printHead(quiet: Beside): void {
  const costs = ["request", "status", "ms", "wick CPU ms", "Postgres CPU ms", "KiB", "RSS + MiB"];
  const head = costs.concat("/healthz p99 ms", "/charts median ms", "/charts most ms");
  printRow(head);
  printRow(head.map(() => "---"));
  printRow(["(quiet)", "", "", "", "", "", "", ...besideCells(quiet)]);
}

function printCost(cost: Cost): void {
  const figures = [cost.ms, cost.wickMs, cost.postgresMs, cost.kib, cost.growthMiB].map(whole);
  printRow([cost.name, cost.status, ...figures, ...besideCells(cost.beside)]);
}

const printRow = (cells: readonly string[]) => printLine(`| ${cells.join(" | ")} |`);

await build();
const { db, url, close } = await createTestDatabase();
await fillStore(db, Date.now());
const dataDir = await Deno.makeTempDir({ prefix: "wick-costly-", dir: "/tmp" });
const NEVER = "0 0 1 1 *";
const server = await startServer({
  DATABASE_URL: url,
  DATA_DIR: dataDir,
  SYMBOLS: [LONG.symbol, ...SHORT].join(),
  INTERVALS: "1m,1h",
  BINANCE_URLS: "http://127.0.0.1:9",
  COINGECKO_URL: "http://127.0.0.1:9",
  CRON_COLLECT: NEVER,
  CRON_REPAIR: NEVER,
  CRON_MARKET_CAPS: NEVER,
  LOG_LEVEL: "error",
  TRUST_PROXY_HOPS: "1", // each client counts separately
});
try {
  await waitFor(async () => (await fetch(`${server.url}/readyz`)).ok, 60_000);
  await pause(20_000); // the first collection fails because there is no exchange
  await probeServer(server); // the first responses include compilation
  const quiet = await probeServer(server);
  const wanted = values.only?.split(",");
  if (!values.json) printHead(quiet);
  const found: Cost[] = [];
  for (const request of COSTLY) {
    if (wanted !== undefined && !wanted.includes(request.name)) continue;
    const cost = await measure(server, request);
    found.push(cost);
    if (!values.json) printCost(cost);
  }
  if (values.json) printLine(JSON.stringify({ quiet, costs: found }, null, 2));
} finally {
  await server.kill("SIGTERM");
  await close();
  await Deno.remove(dataDir, { recursive: true });
}
Deno.exit(0);
