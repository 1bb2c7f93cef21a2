import assert from "node:assert/strict";
import { silent } from "../testing/database/postgres.ts";
import { exchange, getRequest, readToEnd } from "../testing/raw_http.ts";
import { waitFor } from "../testing/server_process.ts";
import { type Front, type FrontOptions, openFront } from "./front.ts";
import { refuseMalformed } from "./well_formed.ts";

const QUICK = { graceMs: 0, firstRequestMs: 300, idleMs: 600, answerMs: 900 };

function start(options: Partial<FrontOptions> = {}): Front {
  const front = openFront({
    hostname: "127.0.0.1",
    port: 0,
    limits: { total: 100, perClient: 0 },
    log: silent,
    handler: () => new Response("hello"),
    ...options,
  });
  assert.ok(front, "this Deno serves no single connections: see serve_connection.ts");
  return front;
}

async function connect({ address }: Front, text = ""): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: address.port });
  await connection.write(new TextEncoder().encode(text));
  return connection;
}

const GET = "GET / HTTP/1.1\r\nHost: wick\r\n\r\n";

Deno.test("a silent connection, one with a partial head, and one that sends its head slowly are ended", async () => {
  const front = start({ times: QUICK });
  const silentOne = await connect(front);
  const half = await connect(front, "GET / HTTP/1.1\r\nHost: w");
  const trickling = await connect(front, "GET / HTTP/1.1\r\n");
  const trickle = setInterval(() => trickling.write(new Uint8Array([120])).catch(() => {}), 50);
  const texts = await Promise.all([silentOne, half, trickling].map((one) => readToEnd(one)));
  clearInterval(trickle);
  assert.deepEqual(texts, ["", "", ""]);
  assert.equal(front.size(), 0);
  await front.close();
});

Deno.test("a connection is kept between requests, and ended when it stays idle", async () => {
  const front = start({ times: QUICK });
  const connection = await connect(front, GET);
  const pause = setTimeout(() => connection.write(new TextEncoder().encode(GET)), 400);
  const text = await readToEnd(connection);
  clearTimeout(pause);
  assert.equal(text.match(/hello/g)?.length, 2);
  await front.close();
});

Deno.test("a request body that never arrives, and a response that is never read, end with their connection", async () => {
  let isCancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    cancel: () => void (isCancelled = true),
  });
  const front = start({
    times: QUICK,
    handler: ({ method }) => new Response(method === "POST" ? "no" : endless),
  });
  const post = await connect(front, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  assert.match(await readToEnd(post), /^HTTP\/1\.1 200/);
  const unread = await connect(front, GET);
  await waitFor(() => front.size() === 1);
  await waitFor(() => front.size() === 0);
  await waitFor(() => isCancelled);
  unread.close();
  await front.close();
});

Deno.test("hundreds of connections that close while they are being ended cause no failure", async () => {
  const errors: unknown[] = [];
  const note = (event: ErrorEvent) => {
    event.preventDefault();
    errors.push(event.error);
  };
  globalThis.addEventListener("error", note);
  const front = start({ limits: { total: 20, perClient: 0 }, times: QUICK });
  for (let round = 0; round < 20; round++) {
    const sockets = await Promise.all(Array.from({ length: 40 }, () => connect(front)));
    for (const socket of sockets) socket.close();
  }
  await waitFor(() => front.size() === 0);
  await front.close();
  globalThis.removeEventListener("error", note);
  assert.deepEqual(errors, []);
});

Deno.test("an event stream outlives the time limit for responses, and ends with its reader", async () => {
  let hasEnded = false;
  const front = start({
    times: QUICK,
    handler: () => {
      const events = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode("data: x\n\n")),
        cancel: () => void (hasEnded = true),
      });
      return new Response(events, { headers: { "content-type": "text/event-stream" } });
    },
  });
  const viewer = await connect(front, GET);
  const begun = performance.now();
  await waitFor(() => performance.now() > begun + QUICK.answerMs + 1_200);
  assert.equal(front.size(), 1);
  viewer.close();
  await waitFor(() => hasEnded && front.size() === 0);
  await front.close();
});

Deno.test("a client above its limit gets an error, and is served again once it has closed others", async () => {
  const waiting: (() => void)[] = [];
  const front = start({
    limits: { total: 100, perClient: 2 },
    times: { ...QUICK, answerMs: 60_000 },
    handler: () => new Promise((resolve) => waiting.push(() => resolve(new Response("hello")))),
  });
  const busy = [await connect(front, GET), await connect(front, GET)];
  await waitFor(() => waiting.length === 2);
  const refused = await readToEnd(await connect(front, GET));
  assert.match(refused, /^HTTP\/1\.1 429 /);
  assert.match(refused, /retry-after: 5/i);
  assert.match(refused, /"code":"busy","message":"Cannot serve the request: too many connections/);
  for (const answer of waiting.splice(0)) answer();
  const next = connect(front, GET);
  await waitFor(() => waiting.length === 1);
  waiting[0]!();
  for (const connection of busy) connection.close();
  (await next).close();
  await front.close();
});

Deno.test("close() finishes the requests in progress and ends idle connections", async () => {
  let answer: (() => void) | undefined;
  const front = start({
    handler: () => new Promise((resolve) => answer = () => resolve(new Response("hello"))),
  });
  const idle = await connect(front);
  const busy = await connect(front, GET);
  await waitFor(() => answer);
  const closing = front.close();
  assert.equal(await readToEnd(idle), "");
  answer!();
  assert.match(await readToEnd(busy), /hello$/);
  await closing;
});

Deno.test("a malformed Host header gets 400, and a valid one gets a response", async () => {
  const front = start({
    handler: refuseMalformed((request) => new Response(new URL(request.url).pathname)),
  });
  const ask = (target: string, ...headers: string[]) =>
    exchange(front.address, getRequest(target, headers));
  const bad = [
    "a|b",
    "%",
    "a:99999",
    "a/b",
    "a?b",
    "a#b",
    "u:p@a",
    "a b",
    "[::1",
    "<a>",
    "999.1.1.1",
  ];
  for (const host of [...bad, "xn--a", "a".repeat(300)]) {
    const text = await ask("/x", `Host: ${host}`);
    assert.match(text, /^HTTP\/1\.1 400 [\s\S]*"code":"invalid_input"/, host);
    assert.doesNotMatch(text, /at |TypeError/, host);
  }
  for (const target of ["http://e|vil/x", "http://a:99999/x", "http://u:p@a/x"]) {
    assert.match(await ask(target, "Host: a"), /^HTTP\/1\.1 400 /, target);
  }
  assert.match(await ask("/x", "Host: a", "Host: b"), /^HTTP\/1\.1 400 /);
  assert.match(await ask("/x", `Host: ${"a".repeat(70_000)}`), /^HTTP\/1\.1 400 /);
  for (const host of ["wick", "wick.example:8443", "[::1]:8000", "", "10.0.0.1"]) {
    assert.match(await ask("/x", `Host: ${host}`), /^HTTP\/1\.1 200 [\s\S]*\/x$/, host);
  }
  assert.match(await ask("http://other/x", "Host: a"), /^HTTP\/1\.1 200 [\s\S]*\/x$/);
  await front.close();
});
