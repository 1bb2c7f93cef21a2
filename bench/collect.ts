import { fileURLToPath } from "node:url";
import { runBackfill, runCollect } from "../lib/collector/jobs.ts";
import { storedRows, testJobs } from "../lib/testing/collector.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { type Figure, inTurn } from "./figure.ts";

const SYMBOLS = ["BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "TRX", "AVAX", "LINK"];
const RUNS = 3;

/** Collecting 30 series over HTTP, compared with the same requests fetched and discarded. */
export async function benchCollect(): Promise<Figure[]> {
  const simulator = await spawnSimulator();
  const series = SYMBOLS.flatMap((base) =>
    (["1h", "4h", "1d"] as const).map((interval) => ({ symbol: `${base}USDT`, interval }))
  );
  const signal = new AbortController().signal;
  let asked: string[] = [];
  let rows = 0;
  const collect = async () => {
    const { db, close } = await createTestDatabase();
    await fetch(`${simulator.url}/_simulator/requests`, { method: "DELETE" })
      .then((response) => response.body?.cancel());
    const start = performance.now();
    const jobs = testJobs(db, [simulator.url], { maxWaitMs: Infinity });
    const reports = [
      await runCollect(jobs, series, signal),
      await runBackfill(jobs, series, signal),
    ];
    const seconds = (performance.now() - start) / 1000;
    rows = reports.reduce((sum, report) => sum + report.new, 0);
    const log = await fetch(`${simulator.url}/_simulator/requests?path=klines`);
    const requests: { path: string; query: string }[] = await log.json();
    asked = requests.map((one) => `${one.path}?${one.query}`);
    if ((await storedRows(db, series[0]!)).length === 0) throw new Error("nothing was collected");
    await close();
    return rows / seconds;
  };
  const fetchOnly = async () => {
    const start = performance.now();
    let next = 0;
    await Promise.all(Array.from({ length: 6 }, async () => {
      while (next < asked.length) {
        const response = await fetch(simulator.url + asked[next++]!);
        await response.arrayBuffer();
      }
    }));
    return rows / ((performance.now() - start) / 1000);
  };
  await collect(); // the simulator computes its candles once
  const { a, b } = await inTurn(collect, fetchOnly, RUNS);
  await simulator.stop();
  return [{
    name: `collect 30 series over HTTP (${rows.toLocaleString("en")} candles)`,
    limit: "the same requests, thrown away",
    unit: "rows/s",
    measured: a,
    limitMeasured: b,
    budget: 0.4,
  }];
}

/** In a separate process, like a real exchange. */
async function spawnSimulator(): Promise<{ url: string; stop(): Promise<void> }> {
  const main = fileURLToPath(new URL("../packages/simulator/main.ts", import.meta.url));
  const options = ["--port", "0", "--since", "2023-01-01", "--no-outages", "--cache-mb", "1024"];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", main, ...options, "--weight-limit", "1000000"],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const text = new TextDecoder().decode((await reader.read()).value);
  return {
    url: /http:\/\/\S+/.exec(text)![0],
    async stop() {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}
