import assert from "node:assert/strict";
import http from "node:http";
import { startSimulator } from "../packages/simulator/simulator.ts";
import { createTestDatabase, testCluster } from "../lib/testing/database/postgres.ts";
import { exchange, getRequest } from "../lib/testing/raw_http.ts";
import { build, startServer, waitFor } from "../lib/testing/server_process.ts";

await build();
await testCluster();

/** A server that collects nothing, on its own database. */
async function serve(env: Record<string, string> = {}, openFiles?: number) {
  const database = await createTestDatabase();
  const nowhere = "http://127.0.0.1:1";
  const settings = { BINANCE_URLS: nowhere, COINGECKO_URL: nowhere, KV_PATH: ":memory:" };
  const server = await startServer(
    { DATABASE_URL: database.url, SYMBOLS: "BTCUSDT", INTERVALS: "1h", ...settings, ...env },
    [],
    openFiles === undefined ? {} : { openFiles },
  );
  const { hostname, port } = new URL(server.url);
  return {
    server,
    address: { hostname, port: Number(port) },
    async [Symbol.asyncDispose]() {
      await server.kill("SIGTERM");
      await database.close();
    },
  };
}

/** The status of a GET from `localAddress`; 0 when the connection was closed. */
function statusFrom(localAddress: string, url: string): Promise<number> {
  return new Promise((resolve) => {
    const request = http.get(url, { localAddress, agent: false, timeout: 5_000 }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode!));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(0));
  });
}

Deno.test("more silent sockets than file descriptors leave the server running for other clients", async () => {
  await using here = await serve({}, 300);
  const sockets: Deno.TcpConn[] = [];
  for (let i = 0; i < 600; i++) sockets.push(await Deno.connect(here.address));
  await waitFor(() => {
    const open = [...Deno.readDirSync(`/proc/${here.server.pid}/fd`)].length;
    return open < 200;
  });
  for (const path of ["/healthz", "/readyz", "/api/series"]) {
    // Its own sockets are closed once they have been idle for a moment.
    await waitFor(async () => await statusFrom("127.0.0.1", here.server.url + path) === 200);
    assert.equal(await statusFrom("127.0.0.2", here.server.url + path), 200, path);
  }
  assert.ok(!here.server.hasEnded(), here.server.output());
  for (const socket of sockets) socket.close();
});

Deno.test("LIMIT_CONNECTIONS applies per client, and behind a proxy only the total does", async () => {
  const streams = async (address: Deno.ConnectOptions, count: number) => {
    const open: Deno.TcpConn[] = [];
    for (let i = 0; i < count; i++) {
      const stream = await Deno.connect(address);
      const target = "/api/live?symbol=BTCUSDT&interval=1h";
      await stream.write(new TextEncoder().encode(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`));
      await stream.read(new Uint8Array(1));
      open.push(stream);
    }
    return open;
  };
  const simulator = await startSimulator({ since: Date.UTC(2026, 0, 1) });
  for (const [hops, status] of [["0", 429], ["1", 503]] as const) {
    await using here = await serve({
      BINANCE_URLS: simulator.url,
      TRUST_PROXY_HOPS: hops,
      LIMIT_CONNECTIONS: "3",
      LIMIT_CONNECTIONS_TOTAL: "5",
    });
    await waitFor(async () => {
      const { series } = await (await fetch(`${here.server.url}/api/series`)).json();
      return series?.[0]?.rows > 0;
    });
    const held = await streams(here.address, hops === "0" ? 3 : 5);
    const text = await exchange(here.address, getRequest("/healthz", ["Host: a"]));
    assert.match(text, new RegExp(`^HTTP/1.1 ${status} `), `${hops} hops`);
    assert.match(text, /retry-after: 5/i);
    for (const stream of held) stream.close();
    await waitFor(async () => await statusFrom("127.0.0.1", `${here.server.url}/healthz`) === 200);
  }
  await simulator.close();
});

Deno.test("an invalid Host header is 400 on every route, without a stack trace", async (t) => {
  for (const traced of ["false", "true"]) {
    await t.step(`OTEL_DENO=${traced}`, () => assertHosts(traced));
  }
});

async function assertHosts(traced: string): Promise<void> {
  await using here = await serve({
    OTEL_DENO: traced,
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
  });
  for (const path of ["/", "/charts", "/export", "/api/series", "/healthz", "/styles.css", "/x"]) {
    for (const host of ["a|b", "%", "a:99999", "a/b", "u:p@a", "a b"]) {
      const text = await exchange(here.address, getRequest(path, [`Host: ${host}`]));
      assert.match(text, /^HTTP\/1\.1 400 [\s\S]*"code":"invalid_input"/, `${path} ${host}`);
    }
    const twice = await exchange(here.address, getRequest(path, ["Host: a", "Host: b"]));
    assert.match(twice, /^HTTP\/1\.1 400 /, path);
    const absolute = await exchange(here.address, getRequest(`http://other${path}`, ["Host: a"]));
    assert.doesNotMatch(absolute, /^HTTP\/1\.1 500/, path);
  }
  assert.doesNotMatch(here.server.output(), /TypeError|Invalid URL/);
}

Deno.test("Strict-Transport-Security is sent for HTTPS only, as reported by a trusted proxy", async () => {
  for (const [hops, expected] of [["0", false], ["1", true]] as const) {
    await using here = await serve({ TRUST_PROXY_HOPS: hops });
    for (const path of ["/healthz", "/charts", "/api/series"]) {
      const ask = (proto: string) =>
        exchange(here.address, getRequest(path, ["Host: a", `X-Forwarded-Proto: ${proto}`]));
      const secure = /strict-transport-security: max-age=31536000/i.test(await ask("https"));
      assert.equal(secure, expected, `${path}, ${hops} hops`);
      assert.doesNotMatch(await ask("https, http"), /strict-transport-security/i, path);
    }
  }
});

Deno.test("thousands of invented methods add no time series to /metrics", async () => {
  await using here = await serve();
  const size = async () =>
    (await (await fetch(`${here.server.url}/metrics`)).text()).split("\n").length;
  const ask = (method: string) =>
    exchange(here.address, getRequest("/charts", ["Host: a"], method));
  await ask("FOO");
  await size(); // counts requests to itself from now on
  const before = await size();
  for (let i = 0; i < 2_000; i += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, j) => ask(`X${i + j}`)));
  }
  assert.ok(await size() <= before + 20, `${before} lines before, ${await size()} after`);
});
