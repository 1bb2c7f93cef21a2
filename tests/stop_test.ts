import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openServerScene, type ServerScene } from "../lib/testing/server_scene.ts";
import { testCluster } from "../lib/testing/database/postgres.ts";
import {
  build,
  launch,
  type LaunchedProcess,
  startServer,
  waitFor,
} from "../lib/testing/server_process.ts";

await build();
await testCluster(); // as root, the account exists then

/** Maximum time for a process to end. */
const END_MS = 5_000;

const scene = () =>
  openServerScene({
    settings: { SYMBOLS: "BTCUSDT,ETHUSDT", INTERVALS: "1h" },
    exchange: { since: Date.UTC(2025, 0, 1) },
    beforeRemoval: untilNoPostgres,
  });

/**
 * Waits until no process uses the embedded cluster under `dataDir`; a remaining one is an orphan.
 */
async function untilNoPostgres(dataDir: string): Promise<void> {
  await waitFor(() => {
    const own = [...Deno.readDirSync("/proc")].filter(({ name }) => {
      try {
        return /^\d+$/.test(name) && Deno.readLinkSync(`/proc/${name}/cwd`).startsWith(dataDir);
      } catch {
        return false; // it has ended
      }
    });
    return own.length === 0;
  }, END_MS);
}

/** Moments of a start, in their order, each by what shows it from outside. */
const MOMENTS: Readonly<Record<string, (here: ServerScene, child: LaunchedProcess) => boolean>> = {
  "the process is there": () => true,
  "its data folder is there": ({ dataDir }) => existsSync(join(dataDir, "postgres.users")),
  "initdb is at work": ({ dataDir }) => existsSync(join(dataDir, "postgres", "PG_VERSION")),
  "PostgreSQL starts": ({ dataDir }) => existsSync(join(dataDir, "postgres", "postmaster.pid")),
  "the exchange is asked": ({ simulator }) => simulator.requests.total > 0,
  "the address is printed": (_, child) => child.output().includes("wick is at"),
  "candles are collected": ({ simulator }) =>
    simulator.requests.list({ path: "klines" }).length > 0,
};

/** Moments of a first start that later starts skip. */
const OF_FIRST_START = new Set(["its data folder is there", "initdb is at work"]);

/** Starts a server, sends SIGTERM at a moment of its start, and returns how it ended. */
async function endAt(moment: string, here: ServerScene) {
  here.simulator.requests.clear();
  const child = launch({ env: here.env });
  await waitFor(() => child.hasEnded() || MOMENTS[moment]!(here, child), 30_000);
  const start = performance.now();
  child.signal("SIGTERM");
  const late = setTimeout(() => child.signal("SIGKILL"), 3 * END_MS);
  const code = await child.ended;
  clearTimeout(late);
  return { code, ms: performance.now() - start, output: child.output() };
}

Deno.test("SIGTERM at any time during the start ends the process in time and leaves no database running", async () => {
  await using here = await scene();
  for (const kind of ["first start", "later start"]) {
    for (const moment of Object.keys(MOMENTS)) {
      if (kind === "first start") await Deno.remove(here.dataDir, { recursive: true });
      else if (OF_FIRST_START.has(moment)) continue;
      await Deno.mkdir(here.dataDir, { recursive: true });
      const { code, ms, output } = await endAt(moment, here);
      const what = `${kind}, when ${moment}: code ${code} in ${ms} ms\n${output}`;
      assert.ok(ms < END_MS && [0, 143].includes(code), what);
      await untilNoPostgres(here.dataDir);
    }
  }
});

Deno.test("a second signal ends the process immediately", async () => {
  await using here = await scene();
  const blackHole = openBlackHole();
  const url = `postgresql://wick:secret@127.0.0.1:${blackHole.port}/wick`;
  const server = await startServer({ ...here.env, DATABASE_URL: url });
  await waitFor(() => blackHole.connections() > 0);
  const start = performance.now();
  await waitFor(() => {
    server.signal("SIGTERM"); // right after the first one it would count as a duplicate
    return server.hasEnded();
  });
  const ms = performance.now() - start;
  assert.ok(ms < 1_500, `${ms} ms`);
  assert.equal(await server.ended, 143, server.output());
  blackHole.close();
});

/** Asks for `path`, and reads no more than the first byte of the answer until `rest` is called. */
async function slowReader(url: string, path: string) {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: wick\r\n\r\n`));
  assert.ok(await connection.read(new Uint8Array(1)) === 1);
  return {
    /** The last bytes of the answer. */
    async rest(): Promise<string> {
      let end = "";
      const decoder = new TextDecoder();
      try {
        for await (const chunk of connection.readable) {
          end = (end + decoder.decode(chunk, { stream: true })).slice(-20);
        }
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
      }
      return end;
    },
  };
}

/** Rows whose NDJSON, some 300 bytes each, fills all that two sockets buffer. */
const MANY_ROWS = 60_000;

Deno.test("SIGTERM while an export is read slowly ends the process in time", async () => {
  await using here = await scene();
  const server = await startServer({ ...here.env, SYMBOLS: "BTCUSDT", INTERVALS: "1m" });
  await waitFor(async () => {
    const response = await fetch(`${server.url}/api/series`);
    const rows = (await response.json()).series?.[0]?.rows ?? 0;
    return rows > MANY_ROWS;
  }, 60_000);
  const reader = await slowReader(server.url, "/export?symbol=BTCUSDT&interval=1m&format=ndjson");
  const { code, ms } = await server.kill("SIGTERM");
  assert.ok(ms < END_MS, `${ms} ms\n${server.output()}`);
  assert.equal(code, 0, server.output());
  assert.ok(!(await reader.rest()).endsWith("\r\n0\r\n\r\n"), "the answer was on its way");
});

Deno.test("SIGTERM while the database is unresponsive ends the process in time", async () => {
  await using here = await scene();
  const blackHole = openBlackHole();
  const url = `postgresql://wick:secret@127.0.0.1:${blackHole.port}/wick`;
  const server = await startServer({ ...here.env, DATABASE_URL: url });
  await waitFor(() => blackHole.connections() > 0);
  const { code, ms } = await server.kill("SIGTERM");
  assert.ok(ms < END_MS, `${ms} ms\n${server.output()}`);
  assert.equal(code, 0, server.output());
  blackHole.close();
});

/** Accepts connections and never answers. */
function openBlackHole() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open: Deno.Conn[] = [];
  void (async () => {
    for await (const connection of listener) open.push(connection);
  })();
  return {
    port: listener.addr.port,
    connections: () => open.length,
    close() {
      listener.close();
      for (const connection of open) connection.close();
    },
  };
}

Deno.test("an uncaught error is one line in the log, and ends the process and its database", async () => {
  await using here = await scene();
  for (const kind of ["throw", "reject"]) {
    const preload = await Deno.makeTempFile({ suffix: ".ts" });
    const broken = `new Error("broken on purpose")`;
    await Deno.writeTextFile(
      preload,
      `Deno.addSignalListener("SIGUSR1", () => setTimeout(() => { ${
        kind === "throw" ? `throw ${broken}` : `void Promise.reject(${broken})`
      } }));`,
    );
    const server = await startServer(here.env, ["--preload", preload]);
    await waitFor(async () => (await statusOf(`${server.url}/readyz`)) === 200);
    Deno.kill(server.pid, "SIGUSR1");
    const code = await server.ended;
    assert.equal(code, 1, server.output());
    const lines = server.output().split("\n").filter((line) => line.includes("broken on purpose"));
    assert.equal(lines.length, 1, server.output());
    assert.match(
      lines[0]!,
      / error +(Uncaught error|Unhandled rejection): Error: broken on purpose/,
    );
    await untilNoPostgres(here.dataDir);
    await Deno.remove(preload);
  }
});

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

Deno.test("SIGINT ends collect and export in time, with exit code 1 and one line", async () => {
  await using here = await scene();
  here.simulator.faults.add({ kind: "slow", delayMs: 60_000, path: "klines" });
  const series = ["--symbol", "BTCUSDT", "--interval", "1h"];
  const collect = launch({ env: here.env, args: ["main.ts", "collect", ...series] });
  await waitFor(() => here.simulator.requests.list({ path: "klines" }).length > 0);
  await assertEnds(collect, 1, /^Stopped; candles stored so far are kept[^\n]*\n$/m);

  const blackHole = openBlackHole();
  const url = `postgresql://wick:secret@127.0.0.1:${blackHole.port}/wick`;
  const env = { ...here.env, DATABASE_URL: url };
  const exporting = launch({ env, args: ["main.ts", "export", ...series] });
  await waitFor(() => blackHole.connections() > 0);
  await assertEnds(exporting, 1, /^Stopped[^\n]*\n$/);
  blackHole.close();
});

async function assertEnds(child: LaunchedProcess, code: number, words: RegExp): Promise<void> {
  const start = performance.now();
  child.signal("SIGINT");
  assert.equal(await child.ended, code, child.output());
  assert.ok(performance.now() - start < END_MS, child.output());
  assert.match(child.output(), words);
}
