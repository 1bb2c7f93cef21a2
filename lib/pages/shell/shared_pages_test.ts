import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import type { Context } from "fresh";
import { createAnswerCache } from "../../http/answer_cache.ts";
import type { State } from "../../http/define.ts";
import { sharePages } from "./shared_pages.ts";

const answers = createAnswerCache();
let rendered = 0;

/** A page of its own number, or a failure. */
function render(status: number, scripts = 1): Response {
  const nonce = `nonce${++rendered}`;
  const script = `<script nonce="${nonce}"></script>`.repeat(scripts);
  return new Response(`<p>${rendered}</p>${script}é`, {
    status,
    headers: { "content-security-policy": `script-src 'nonce-${nonce}'`, "x-of": "page" },
  });
}

function ask(
  path: string,
  { status = 200, cookie = "", method = "GET", coding = "", scripts = 1 } = {},
): Promise<Response> {
  const url = new URL(path, "http://wick.test");
  const ctx = {
    ...{ url, req: new Request(url, { method, headers: { cookie, "accept-encoding": coding } }) },
    state: { services: { answers, settings: { proxy: { hops: 0 }, basePath: "" } } },
    next: () => Promise.resolve(render(status, scripts)),
  };
  return sharePages(ctx as unknown as Context<State>);
}

const textOf = async (response: Promise<Response>) => await (await response).text();

Deno.test("sharePages() renders once for all who ask at once, with a nonce for each", async () => {
  const before = rendered;
  const all = await Promise.all([1, 2, 3].map(() => ask("/charts?symbol=BTCUSDT")));
  assert.equal(rendered - before, 1);
  const nonces = await Promise.all(all.map(async (response) => {
    assert.equal(response.headers.get("x-of"), "page");
    const [, nonce] = /'nonce-(\w+)'/.exec(response.headers.get("content-security-policy")!)!;
    const html = await response.text();
    assert.equal(html, `<p>${rendered}</p><script nonce="${nonce}"></script>é`);
    return nonce;
  }));
  assert.equal(new Set(nonces).size, 3);
});

Deno.test("sharePages() compresses for those who can read it", async () => {
  const response = await ask("/charts?gzip", { coding: "gzip, br" });
  assert.equal(response.headers.get("content-encoding"), "gzip");
  assert.match(response.headers.get("vary")!, /accept-encoding/);
  const html = new TextDecoder().decode(gunzipSync(await response.bytes()));
  const [, nonce] = /'nonce-(\w+)'/.exec(response.headers.get("content-security-policy")!)!;
  assert.equal(html, `<p>${rendered}</p><script nonce="${nonce}"></script>é`);
});

Deno.test("sharePages() keeps apart addresses, themes and what is no page", async () => {
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

Deno.test("sharePages() shares no failure: each has the number of its own request", async () => {
  const [a, b] = await Promise.all([
    ask("/charts?b=1", { status: 503 }),
    ask("/charts?b=1", { status: 503 }),
  ]);
  assert.deepEqual([a.status, b.status], [503, 503]);
  assert.notEqual(await a.text(), await b.text());
});

Deno.test("sharePages() passes on a page of several scripts as it is, to each reader its own", async () => {
  const before = rendered;
  const texts = await Promise.all(
    [1, 2, 3].map(() => textOf(ask("/charts?dev", { scripts: 2 }))),
  );
  assert.equal(rendered - before, 3);
  assert.equal(new Set(texts).size, 3);
  for (const text of texts) assert.equal(text.split("nonce=").length, 3, text);
});
