import assert from "node:assert/strict";
import { parseTime } from "../lib/core/time.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { createPageApp, type PageApp } from "../lib/testing/page_app.ts";

const options = {
  symbols: ["BTCUSDT"],
  intervals: ["1h" as const],
  now: parseTime("2024-06-01T00:10Z"),
};
const root = await createPageApp(options);
const wick = await createPageApp({ ...options, basePath: "/wick" });
Deno.test.afterAll(async () => {
  await root.close();
  await wick.close();
});
for (const app of [root, wick]) {
  await app.addKlines("BTCUSDT", "1h", klinesFrom("2024-05-20", "1h", 288));
}

const PATHS = [
  "/charts",
  "/markets",
  "/universe",
  "/status",
  "/docs",
  "/export?symbol=BTCUSDT&interval=1h",
  "/api/series",
  "/api/candles?symbol=BTCUSDT&interval=1h",
  "/api/market-caps/history",
  "/api/v3/ping",
  "/api/v3/ticker/24hr?symbol=BTCUSDT",
  "/api/live?symbol=BTCUSDT&interval=1h",
  "/openapi.json",
  "/healthz",
  "/readyz",
  "/metrics",
  "/styles.css",
];

/** Status and one header; the body is discarded. */
async function answerOf(app: PageApp, path: string, header: string, init?: RequestInit) {
  const response = await app.handler(new Request(`http://wick.test${path}`, init));
  await response.body?.cancel();
  return [response.status, response.headers.get(header)];
}

for (const [base, app] of [["", root], ["/wick", wick]] as const) {
  Deno.test(`A slash at the end of a path under "${base}" is redirected away, its query kept`, async () => {
    for (const path of PATHS) {
      const [, pathname, query] = /^([^?]+)(.*)$/.exec(path)!;
      for (const end of ["/", "//"]) {
        const answer = await answerOf(app, `${base}${pathname}${end}${query}`, "location");
        assert.deepEqual(answer, [308, base + path], pathname + end);
      }
    }
    assert.deepEqual(await answerOf(app, `${base}/nope/`, "location"), [308, `${base}/nope`]);
  });

  Deno.test(`Repeated slashes under "${base}" are redirected to one, on the same host`, async () => {
    // First a page that is shared with later requests.
    assert.deepEqual(await answerOf(app, `${base}/charts`, "location"), [200, null]);
    const expected = {
      [`/${base}/charts`]: `${base}/charts`,
      [`${base}//charts?symbol=BTCUSDT`]: `${base}/charts?symbol=BTCUSDT`,
      [`${base}/api//v3///ping`]: `${base}/api/v3/ping`,
      "//evil.example/": "/evil.example",
      "///": "/",
    };
    for (const [path, location] of Object.entries(expected)) {
      if (path === location) continue; // without a base path
      assert.deepEqual(await answerOf(app, path, "location"), [308, location], path);
    }
  });

  Deno.test(`The start page under "${base}" redirects to the charts, with and without a slash`, async () => {
    for (const path of base === "" ? ["/"] : [base, `${base}/`]) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await answerOf(app, path, "location", { method });
        assert.deepEqual(answer, [302, `${base}/charts`], path);
      }
      assert.deepEqual(await answerOf(app, path, "allow", { method: "POST" }), [405, "GET, HEAD"]);
    }
  });

  Deno.test(`Encoded slashes under "${base}" are not found`, async () => {
    for (
      const path of [
        "/charts%2F",
        "/%2Fcharts",
        "/%2fstyles.css",
        "/styles.css%2f",
        "/api%2Fseries",
        "/styles.css%5C",
        "/..%2fmain.ts",
        "/..%5cmain.ts",
        "/api/%2e%2e%2fmain.ts",
      ]
    ) {
      const [status, type] = await answerOf(app, base + path, "content-type");
      assert.deepEqual([status, type], [404, "application/json"], path);
    }
  });

  Deno.test(`HEAD under "${base}" is GET without a body`, async () => {
    for (const path of PATHS) {
      const response = await app.handler(
        new Request(`http://wick.test${base}${path}`, { method: "HEAD" }),
      );
      assert.deepEqual([response.status, await response.text()], [200, ""], path);
    }
  });

  Deno.test(`Other methods under "${base}", even invented ones, are 405 with Allow: a page for pages, otherwise JSON`, async () => {
    for (const path of PATHS) {
      for (const method of ["POST", "DELETE", "OPTIONS", "PROPFIND", "X".repeat(5_000)]) {
        const response = await app.handler(
          new Request(`http://wick.test${base}${path}`, { method }),
        );
        const text = await response.text();
        const { status, headers } = response;
        assert.deepEqual([status, headers.get("allow")], [405, "GET, HEAD"], `${method} ${path}`);
        const isPage = ["/charts", "/markets", "/universe", "/status", "/docs"].includes(path);
        const type = isPage ? "text/html; charset=utf-8" : "application/json";
        assert.equal(headers.get("content-type"), type, path);
        assert.ok(text.includes(`Cannot ${method.slice(0, 20)} here`), path);
      }
    }
    for (const method of ["POST", "OPTIONS", "PROPFIND"]) {
      assert.equal((await answerOf(app, `${base}/nope`, "allow", { method }))[0], 404, method);
    }
  });
}

Deno.test("TRACE and a method in small letters, sent over a connection, are 405 with Allow", async () => {
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, root.handler);
  for (const line of ["TRACE /charts", "TRACE /api/series", "get /charts"]) {
    using connection = await Deno.connect({ port: server.addr.port, hostname: "127.0.0.1" });
    const request = `${line} HTTP/1.1\r\nHost: wick.test\r\nConnection: close\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
    const answer = await new Response(connection.readable).text();
    assert.match(answer, /^HTTP\/1\.1 405 /, line);
    assert.match(answer, /^allow: GET, HEAD\r$/m, line);
  }
});
