import assert from "node:assert/strict";
import { startSimulator } from "./packages/simulator/simulator.ts";
import { storedRows } from "./lib/testing/collector.ts";
import { startPlatform } from "./lib/testing/deploy_platform.ts";
import { createTestDatabase, testCluster } from "./lib/testing/database/postgres.ts";
import { build, root, runMain, waitFor } from "./lib/testing/server_process.ts";

await build();
await testCluster();

const SERIES = ["BTCUSDT", "ETHUSDT"].flatMap((symbol) =>
  (["1h", "4h"] as const).map((interval) => ({ symbol, interval }))
);

/** The platform, an exchange and an empty database of the operator's. */
async function scene() {
  const platform = await startPlatform();
  const simulator = await startSimulator({ since: Date.UTC(2023, 0, 1) });
  const { db, url, close } = await createTestDatabase({ isMigrated: false });
  const env = {
    DATABASE_URL: url,
    SYMBOLS: "BTCUSDT,ETHUSDT",
    INTERVALS: "1h,4h",
    BINANCE_URLS: simulator.url,
    COINGECKO_URL: simulator.url,
  };
  return {
    platform,
    simulator,
    db,
    env,
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await close();
      await platform.close();
    },
  };
}

async function json(url: string) {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

Deno.test("hosted: migrated ahead, crons registered and invoked, and SIGINT leaves no half page", async () => {
  await using here = await scene();
  const { platform, simulator, db, env } = here;
  const { code, out, err } = await runMain(["migrate"], { ...platform.env, ...env });
  assert.equal(code, 0, err);
  assert.match(out, /up to date/);
  const again = await runMain(["migrate"], { ...platform.env, ...env });
  assert.equal(again.code, 0, again.err);

  const server = await platform.start(env);
  await waitFor(() => platform.crons.length === 3);
  assert.deepEqual(platform.crons.map((cron) => [cron.name, cron.schedule]), [
    ["collect", "0 * * * *"],
    ["repair", "*/10 * * * *"],
    ["market-caps", "*/15 * * * *"],
  ]);
  assert.deepEqual(platform.crons[0]!.backoff_schedule, [1_000, 5_000, 30_000]);
  await waitFor(async () => (await json(`${server.url}/readyz`)).status === 200, 60_000);
  assert.equal(await platform.invoke("market-caps"), true);
  const { body } = await json(`${server.url}/api/market-caps`);
  assert.equal(body.coins.length, 2);

  // In the middle of history, with pages on their way.
  const before = simulator.requests.total;
  await waitFor(() => simulator.requests.total > before + 10, 60_000);
  const { code: ended, ms } = await server.kill("SIGINT");
  assert.equal(ended, 0, server.output());
  assert.ok(ms < 5_000, `${ms} ms: the platform kills after 5 s`);
  assert.doesNotMatch(server.output(), /NotCapable|denied/);
  for (const series of SERIES) {
    const rows = await storedRows(db, series);
    const served = simulator.candles(series.symbol, series.interval).map((row) => row.slice(0, 11));
    assert.ok(rows.length > 0);
    const first = served.findIndex((row) => row[0] === rows[0]?.[0]);
    assert.deepEqual(rows, served.slice(first, first + rows.length), JSON.stringify(series));
  }
});

Deno.test("hosted beside production: crons return at once and nothing is asked of the exchange", async () => {
  await using here = await scene();
  const { platform, simulator, env } = here;
  const server = await platform.start({ ...env, DENO_TIMELINE: "preview/abc" });
  await waitFor(() => platform.crons.length === 3);
  for (const name of ["collect", "repair", "market-caps"]) {
    assert.equal(await platform.invoke(name), true);
  }
  assert.equal((await json(`${server.url}/readyz`)).status, 200);
  assert.equal(simulator.requests.total, 0);
  await server.kill("SIGINT");
});

Deno.test("hosted without KV: not ready and why, reads are served, and nothing is collected", async () => {
  await using here = await scene();
  const { platform, simulator, env } = here;
  const server = await platform.start({
    ...env,
    DENO_KV_REQUIRES_DISTRIBUTED_DATABASE: "error",
  });
  await waitFor(() => platform.crons.length === 3);
  const ready = await json(`${server.url}/readyz`);
  assert.equal(ready.status, 503);
  assert.match(ready.body.kv, /Cannot open Deno KV/);
  assert.equal(ready.body.database, "ok");
  assert.equal((await json(`${server.url}/api/series`)).status, 200);
  await platform.invoke("market-caps");
  assert.match(
    server.output(),
    /Cannot open Deno KV: .*; nothing is collected until it can be opened/,
  );
  assert.equal(simulator.requests.total, 0);
  await server.kill("SIGINT");
});

Deno.test("hosted without a database: not ready, and what to set", async () => {
  await using here = await scene();
  const server = await here.platform.start({ ...here.env, DATABASE_URL: "" });
  const { status, body } = await json(`${server.url}/readyz`);
  assert.equal(status, 503);
  assert.match(body.database, /DATABASE_URL is not set/);
  await server.kill("SIGINT");
});

Deno.test("deploy passes its arguments on, prints the requirements, and keeps deno.json", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wick-deploy-" });
  const config = '{ "deploy": { "build": "deno task build" } }\n';
  await Deno.writeTextFile(`${folder}/deno.json`, config);
  await Deno.writeTextFile(
    `${folder}/cli.ts`,
    `await Deno.writeTextFile("deno.json", '{"deploy":{"org":"o","app":"a"}}');
     console.log(Deno.args.join(" "));
     Deno.exit(3);`,
  );
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", `${root}/deno.json`, `${root}/deploy.ts`, "--prod"],
    cwd: folder,
    env: { DENO_DEPLOY_CLI_SPECIFIER: `file://${folder}/cli.ts` },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.equal(code, 3, text(stderr));
  assert.match(text(stdout), /--prod/);
  assert.match(text(stderr), /DATABASE_URL as a secret/);
  assert.equal(await Deno.readTextFile(`${folder}/deno.json`), config);
  await Deno.remove(folder, { recursive: true });
});
