import { startSimulator } from "../packages/simulator/simulator.ts";
import { CURL, getProgram } from "../lib/testing/programs.ts";
import { build, startServer, waitFor } from "../lib/testing/server_process.ts";
import { type Figure, inTurn, median, RUNS } from "./figure.ts";
import { fixedServer, requestsPerSecond } from "./load.ts";

const AS_BROWSERS = { "accept-encoding": "gzip, deflate, br, zstd" };

/** A real server with a real store, compared with `Deno.serve` answering from memory. */
export async function benchWeb(): Promise<Figure[]> {
  await build();
  const simulator = await startSimulator({ since: Date.UTC(2026, 0, 1) });
  const dataDir = await Deno.makeTempDir({ prefix: "wick-bench-", dir: "/tmp" });
  await Deno.chmod(dataDir, 0o755);
  const env = { DATA_DIR: dataDir, BINANCE_URLS: simulator.url, COINGECKO_URL: simulator.url };
  const server = await startServer(env);
  await waitFor(() => server.output().includes("Finished backfill"), 120_000);

  const query = "symbol=BTCUSDT&interval=1h";
  const figures = [
    await compareSameBytes("/api/candles", `${server.url}/api/candles?${query}`),
    await compareSameBytes("/api/v3/klines", `${server.url}/api/v3/klines?${query}&limit=1000`),
    ...await measureCharts(`${server.url}/charts?${query}`),
  ];
  await server.kill("SIGTERM");
  const coldStarts = await measureColdStarts(env);
  await simulator.close();
  await Deno.remove(dataDir, { recursive: true });
  return [...figures, {
    name: "cold start to the first 200 on /readyz",
    limit: "",
    unit: "s",
    measured: median(coldStarts),
    limitMeasured: 0,
    budget: 1.5,
    isCost: true,
  }];
}

/** Measures requests for one URL, compared with as many bytes from memory. */
async function compareSameBytes(route: string, url: string): Promise<Figure> {
  const same = await fixedServer((await (await fetch(url)).bytes()).length);
  const { a, b } = await inTurn(() => requestsPerSecond(url), () => requestsPerSecond(same.url));
  await same.stop();
  return {
    name: `${route}, same address again`,
    limit: "Deno.serve, same bytes from memory",
    unit: "req/s",
    measured: a,
    limitMeasured: b,
    budget: 0.6,
  };
}

/** Measures the page of an address that was requested before, and of addresses that were not. */
async function measureCharts(url: string): Promise<Figure[]> {
  const hello = await fixedServer(13);
  const packed = await fixedServer(await packedBytes(url));
  const compare = async (
    page: Pick<Figure, "name" | "limit" | "budget">,
    own: string,
    other: string,
  ): Promise<Figure> => {
    const { a, b } = await inTurn(
      () => requestsPerSecond(own, AS_BROWSERS),
      () => requestsPerSecond(other),
    );
    return { ...page, unit: "req/s", measured: a, limitMeasured: b };
  };
  const again = "/charts, same address again";
  const helloWorld = "Deno.serve, hello world";
  const sameBytes = "Deno.serve, same compressed bytes from memory";
  const figures = [
    await compare(
      { name: "/charts, an address requested for the first time", limit: helloWorld, budget: 0.15 },
      `${url}&each=EACH`,
      hello.url,
    ),
    await compare({ name: again, limit: helloWorld, budget: 0.4 }, url, hello.url),
    await compare({ name: again, limit: sameBytes, budget: 0.4 }, url, packed.url),
  ];
  await hello.stop();
  await packed.stop();
  return figures;
}

/** Length of the compressed response. */
async function packedBytes(url: string): Promise<number> {
  const { stdout } = await new Deno.Command(getProgram(CURL), {
    args: ["--silent", "--header", "accept-encoding: gzip", url],
  }).output();
  return stdout.length;
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
