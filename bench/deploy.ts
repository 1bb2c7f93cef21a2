import { startSimulator } from "../packages/simulator/simulator.ts";
import { startPlatform } from "../lib/testing/deploy_platform.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { build, waitFor } from "../lib/testing/server_process.ts";
import { cost, type Figure, median, RUNS } from "./figure.ts";

/** Cold start of a hosted isolate, from the start of the process to the first 200 of `/readyz`. */
export async function benchDeploy(): Promise<Figure[]> {
  await build();
  const simulator = await startSimulator({ since: Date.UTC(2026, 0, 1) });
  const platform = await startPlatform();
  const { url, close } = await createTestDatabase();
  const env = { DATABASE_URL: url, BINANCE_URLS: simulator.url, COINGECKO_URL: simulator.url };
  const seconds: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    const server = await platform.start({ ...env, DENO_TIMELINE: "preview/bench" });
    await waitFor(async () => {
      const response = await fetch(`${server.url}/readyz`);
      await response.body?.cancel();
      return response.ok;
    });
    // the first one warms the file cache
    if (run > 0) seconds.push((performance.now() - start) / 1000);
    await server.kill("SIGINT");
  }
  await simulator.close();
  await platform.close();
  await close();
  return [cost("hosted: cold start to the first 200 on /readyz", "s", median(seconds), 1)];
}
