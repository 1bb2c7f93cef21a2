import assert from "node:assert/strict";
import type { Context } from "fresh";
import type { TelemetryEvent } from "../ports/telemetry.ts";
import { silent } from "../testing/database/postgres.ts";
import { createAnswerCache, type Reuse } from "./answer_cache.ts";
import type { State } from "./define.ts";
import { createReadyResponses } from "./ready_responses.ts";

type Services = Parameters<typeof createReadyResponses>[0];

const info: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "10.0.0.1", port: 1 },
  completed: Promise.resolve(),
};
const PATH = "http://wick.test/api/candles?symbol=BTCUSDT";

interface Ask {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

function request({ url = PATH, method = "GET", headers = {} }: Ask = {}): Request {
  return new Request(url, { method, headers });
}

/** Ready responses and a route whose answer changes when `time` passes its freshness. */
function openSite({ hops = 0 } = {}) {
  const clock = { time: 0 };
  const events: TelemetryEvent[] = [];
  const lines: string[] = [];
  const services = {
    answers: createAnswerCache(() => clock.time),
    settings: { proxy: { hops } },
    log: { ...silent, debug: (line: string) => void lines.push(line) },
    telemetry: { record: (event: TelemetryEvent) => void events.push(event) },
  } as unknown as Services;
  const ready = createReadyResponses(services);
  let made = 0;
  async function route(
    asked: Request,
    { status = 200, ...own }: Partial<Reuse> & { readonly status?: number } = {},
  ): Promise<Response> {
    const name = `candles ${asked.url}`;
    const make = () => Promise.resolve({ body: `answer ${++made}`, etag: "" });
    const answer = await services.answers.get(name, make);
    const state = { reuse: { name, answer, ...own } };
    const headers = { "content-type": "application/json" };
    const next = () => Promise.resolve(new Response(answer.body, { status, headers }));
    const ctx = { req: asked, route: "/api/candles", state, next };
    return await ready.keep(ctx as unknown as Context<State>);
  }
  return { clock, events, lines, ready, route };
}

Deno.test("find() returns the kept response to an equal request, with its own ID, and counts it", async () => {
  const { ready, route, events } = openSite();
  assert.equal(ready.find(request(), info), undefined);
  assert.equal(await (await route(request())).text(), "answer 1");
  const ids = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const response = ready.find(request(), info)!;
    assert.equal(await response.text(), "answer 1");
    assert.equal(response.headers.get("content-type"), "application/json");
    ids.add(response.headers.get("x-request-id")!);
  }
  assert.equal(ids.size, 3);
  const counted = events.map((event) => ({ ...event, seconds: 0 }));
  const one = { kind: "request", method: "GET", route: "/api/candles", status: 200, seconds: 0 };
  assert.deepEqual(counted, [one, one, one]);
});

Deno.test("find() distinguishes all that a response depends on", async () => {
  const { ready, route } = openSite();
  const headers = { "accept-encoding": "gzip", cookie: "wick-theme=dark", "x-mbx-time-unit": "us" };
  await route(request({ headers }));
  assert.notEqual(ready.find(request({ headers: { ...headers, accept: "*/*" } }), info), undefined);
  const others: Ask[] = [
    {},
    { headers: { ...headers, "accept-encoding": "identity" } },
    { headers: { ...headers, cookie: "wick-theme=light" } },
    { headers: { ...headers, "x-mbx-time-unit": "ms" } },
    { headers: { ...headers, "if-none-match": '"1"' } },
    { headers, method: "HEAD" },
    { headers, method: "POST" },
    { headers, url: `${PATH}&limit=1` },
    { headers, url: PATH.replace("wick.test", "wick.example") },
  ];
  for (const other of others) {
    assert.equal(ready.find(request(other), info), undefined, JSON.stringify(other));
  }
});

Deno.test("find() distinguishes forwarded origins behind a proxy only", async () => {
  for (const hops of [0, 1]) {
    const { ready, route } = openSite({ hops });
    await route(request({ headers: { "x-forwarded-proto": "https" } }));
    const other = ready.find(request({ headers: { "x-forwarded-proto": "http" } }), info);
    assert.equal(other === undefined, hops === 1);
  }
});

Deno.test("find() returns nothing once the answer is no longer fresh, or replaced", async () => {
  const { ready, route, clock } = openSite();
  await route(request());
  clock.time = 249;
  assert.notEqual(ready.find(request(), info), undefined);
  clock.time = 250;
  assert.equal(ready.find(request(), info), undefined);
  const headers = { "accept-encoding": "gzip" };
  assert.equal(await (await route(request({ headers }))).text(), "answer 2");
  assert.equal(ready.find(request(), info), undefined, "its response has the old answer");
  assert.notEqual(ready.find(request({ headers }), info), undefined);
});

Deno.test("keep() ignores failures, and responses that are not shared", async () => {
  const { ready, route } = openSite();
  await route(request(), { status: 503 });
  assert.equal(ready.find(request(), info), undefined);
  const long = request({ url: `${PATH}&x=${"x".repeat(5_000)}` });
  await route(long);
  assert.equal(ready.find(long, info), undefined);
});

Deno.test("keep() bounds the responses of an answer, whatever cookies clients send", async () => {
  const { ready, route } = openSite();
  const visit = (i: number) => request({ headers: { cookie: `visit=${i}` } });
  for (let i = 0; i < 17; i++) await route(visit(i));
  assert.equal(ready.find(visit(0), info), undefined);
  assert.notEqual(ready.find(visit(1), info), undefined);
  assert.notEqual(ready.find(visit(16), info), undefined);
});

Deno.test("find() logs the path of http and https addresses", async () => {
  const { ready, route, lines } = openSite();
  for (const url of [PATH, PATH.replace("http:", "https:"), "http://a/api/candles"]) {
    await route(request({ url }));
    ready.find(request({ url }), info);
  }
  const path = "GET /api/candles";
  assert.deepEqual(lines, [`${path}?symbol=BTCUSDT`, `${path}?symbol=BTCUSDT`, path]);
});

Deno.test("find() adds the headers of each request", async () => {
  const { ready, route } = openSite();
  let weight = 0;
  const addHeaders = (headers: Headers) => headers.set("x-mbx-used-weight", String(++weight));
  await route(request(), { addHeaders });
  for (const expected of ["1", "2"]) {
    assert.equal(ready.find(request(), info)!.headers.get("x-mbx-used-weight"), expected);
  }
});
