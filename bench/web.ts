import { startSimulator } from "../packages/simulator/simulator.ts";
import { CURL, getProgram } from "../lib/testing/programs.ts";
import { build, startServer, waitFor } from "../lib/testing/server_process.ts";
import { type Figure, inTurn, median, RUNS } from "./figure.ts";
import { fixedServer, requestsPerSecond } from "./load.ts";

const AS_BROWSERS = { "accept-encoding": "gzip, deflate, br, zstd" };

/** The web side of a real server with a real store, beside `Deno.serve` answering from memory. */
export async function benchWeb(): Promise<Figure[]> {
  await build();
  const simulator = await startSimulator({ since: Date.UTC(2026, 0, 1) });
  const dataDir = await Deno.makeTempDir({ prefix: "wick-bench-", dir: "/tmp" });
  await Deno.chmod(dataDir, 0o755);
  const env = { DATA_DIR: dataDir, BINANCE_URLS: simulator.url, COINGECKO_URL: simulator.url };
  const server = await startServer(env);
  await waitFor(() => server.output().includes("Finished backfill"), 120_000);

  const hello = await fixedServer(13);
  const query = "symbol=BTCUSDT&interval=1h";
  const candles = `${server.url}/api/candles?${query}`;
  const same = await fixedServer((await (await fetch(candles)).bytes()).length);
  const hot = await inTurn(() => requestsPerSecond(candles), () => requestsPerSecond(same.url));
  const klines = `${server.url}/api/v3/klines?${query}&limit=1000`;
  const alike = await fixedServer((await (await fetch(klines)).bytes()).length);
  const asBinance = await inTurn(
    () => requestsPerSecond(klines),
    () => requestsPerSecond(alike.url),
  );
  await alike.stop();
  const charts = `${server.url}/charts?${query}`;
  const page = await inTurn(
    () => requestsPerSecond(charts, AS_BROWSERS),
    () => requestsPerSecond(hello.url),
  );
  const rendered = await inTurn(
    () => requestsPerSecond(`${charts}&each=EACH`, AS_BROWSERS),
    () => requestsPerSecond(hello.url),
  );
  const packed = await fixedServer(await packedBytes(charts));
  const pageBytes = await inTurn(
    () => requestsPerSecond(charts, AS_BROWSERS),
    () => requestsPerSecond(packed.url),
  );
  await packed.stop();
  await hello.stop();
  await same.stop();
  await server.kill("SIGTERM");
  const coldStarts = await measureColdStarts(env);
  await simulator.close();
  await Deno.remove(dataDir, { recursive: true });

  const perSecond = { unit: "req/s" };
  return [
    {
      ...perSecond,
      name: "/api/candles, same address again",
      limit: "Deno.serve, same bytes from memory",
      measured: hot.a,
      limitMeasured: hot.b,
      budget: 0.6,
    },
    {
      ...perSecond,
      name: "/api/v3/klines, same address again",
      limit: "Deno.serve, same bytes from memory",
      measured: asBinance.a,
      limitMeasured: asBinance.b,
      budget: 0.6,
    },
    {
      ...perSecond,
      name: "/charts, an address nobody has asked for",
      limit: "Deno.serve, hello world",
      measured: rendered.a,
      limitMeasured: rendered.b,
      budget: 0.15,
    },
    {
      ...perSecond,
      name: "/charts, same address again",
      limit: "Deno.serve, hello world",
      measured: page.a,
      limitMeasured: page.b,
      budget: 0.4,
    },
    {
      ...perSecond,
      name: "/charts, same address again",
      limit: "Deno.serve, same compressed bytes from memory",
      measured: pageBytes.a,
      limitMeasured: pageBytes.b,
      budget: 0.4,
    },
    {
      name: "cold start to the first 200 on /readyz",
      limit: "",
      unit: "s",
      measured: median(coldStarts),
      limitMeasured: 0,
      budget: 1.5,
      isCost: true,
    },
  ];
}

/** How long an answer is as it travels. */
async function packedBytes(url: string): Promise<number> {
  const { stdout } = await new Deno.Command(getProgram(CURL), {
    args: ["--silent", "--header", "accept-encoding: gzip", url],
  }).output();
  return stdout.length;
}

/** From the start of the process, its database already there. */
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
