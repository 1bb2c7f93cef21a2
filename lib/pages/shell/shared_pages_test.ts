import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import type { Context } from "fresh";
import { createAnswerCache } from "../../http/answer_cache.ts";
import type { State } from "../../http/define.ts";
import { sharePages } from "./shared_pages.ts";

const answers = createAnswerCache();
let rendered = 0;

/** A page with the number of its render, in body and policy. */
function render(status: number): Response {
  return new Response(`<p>${++rendered}</p>é`, {
    status,
    headers: { "content-security-policy": `script-src 'sha256-${rendered}'`, "x-of": "page" },
  });
}

function ask(
  path: string,
  { status = 200, cookie = "", method = "GET", coding = "" } = {},
): Promise<Response> {
  const url = new URL(path, "http://wick.test");
  const ctx = {
    url,
    req: new Request(url, { method, headers: { cookie, "accept-encoding": coding } }),
    state: { services: { answers, settings: { proxy: { hops: 0 }, basePath: "" } } },
    next: () => Promise.resolve(render(status)),
  };
  return sharePages(ctx as unknown as Context<State>);
}

const textOf = async (response: Promise<Response>) => await (await response).text();

Deno.test("sharePages() renders once for concurrent requests, headers included", async () => {
  const before = rendered;
  const all = await Promise.all([1, 2, 3].map(() => ask("/charts?symbol=BTCUSDT")));
  assert.equal(rendered - before, 1);
  for (const response of all) {
    assert.equal(response.headers.get("x-of"), "page");
    assert.equal(
      response.headers.get("content-security-policy"),
      `script-src 'sha256-${rendered}'`,
    );
    assert.equal(await response.text(), `<p>${rendered}</p>é`);
  }
});

Deno.test("sharePages() compresses for clients that accept gzip", async () => {
  const responses = await Promise.all(
    ["gzip, br", "gzip", "identity"].map((coding) => ask("/charts?gzip", { coding })),
  );
  const [first, second, plain] = await Promise.all(responses.map(async (r) => await r.bytes()));
  for (const response of responses) assert.match(response.headers.get("vary")!, /accept-encoding/);
  const codings = responses.map((response) => response.headers.get("content-encoding"));
  assert.deepEqual(codings, ["gzip", "gzip", null]);
  assert.deepEqual(first, second);
  assert.deepEqual(new Uint8Array(gunzipSync(first!)), plain);
  assert.equal(new TextDecoder().decode(plain), `<p>${rendered}</p>é`);
});

Deno.test("sharePages() separates URLs, themes and methods, and ignores responses that are not pages", async () => {
  const pages = [
    ask("/charts?a=1"),
    ask("/charts?a=2"),
    ask("/charts?a=1", { cookie: "wick-theme=dark" }),
    ask("/export?a=1"),
    ask("/export?a=1"),
    ask("/charts?a=1", { method: "HEAD" }),
  ];
  const numbers = (await Promise.all(pages.map(textOf))).map((html) => /\d+/.exec(html)![0]);
  assert.equal(new Set(numbers).size, 6);
});

Deno.test("sharePages() does not share error pages, which carry a request ID", async () => {
  const [a, b] = await Promise.all([
    ask("/charts?b=1", { status: 503 }),
    ask("/charts?b=1", { status: 503 }),
  ]);
  assert.deepEqual([a.status, b.status], [503, 503]);
  assert.notEqual(await a.text(), await b.text());
});
