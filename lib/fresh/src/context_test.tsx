import assert from "node:assert/strict";
import { answerOf, bodyOf, get, quietly } from "../testing/request.ts";
import { App } from "./app.ts";
import type { Context } from "./context.ts";

async function locationOf(target: string, status?: number): Promise<string | null> {
  const handler = new App().get("/", (ctx) => ctx.redirect(target, status)).handler();
  return (await get(handler, "/")).headers.get("location");
}

Deno.test("Context.redirect() keeps a path on this host", async () => {
  assert.equal(await locationOf("/"), "/");
  assert.equal(await locationOf("//evil.com"), "/evil.com");
  assert.equal(await locationOf("/\\evil.com"), "/evil.com");
  assert.equal(await locationOf("//evil.com//a?next=//b#//c"), "/evil.com/a?next=//b#//c");
  assert.equal(await locationOf("https://deno.com//x"), "https://deno.com//x");
});

Deno.test("Context.redirect() answers 302 unless told otherwise, and keeps a partial partial", async () => {
  const handler = new App()
    .get("/a", (ctx) => ctx.redirect("/b#c"))
    .post("/a", (ctx) => ctx.redirect("/b", 303))
    .handler();
  assert.equal((await get(handler, "/a")).status, 302);
  assert.equal((await get(handler, "/a", { method: "POST" })).status, 303);
  const partial = await get(handler, "/a?fresh-partial=true");
  assert.equal(partial.headers.get("location"), "/b?fresh-partial=true#c");
});

Deno.test("Context.isPartial says whether the request asks for partials", async () => {
  const handler = new App().get("/", (ctx) => ctx.text(String(ctx.isPartial))).handler();
  assert.deepEqual(await answerOf(handler, "/?fresh-partial"), [200, "true"]);
  assert.deepEqual(await answerOf(handler, "/?x=fresh-partial"), [200, "false"]);
});

Deno.test("Context.text(), html() and json() set their content type and pass the rest on", async () => {
  const init = { status: 201, headers: { "x-a": "b" } };
  const handler = new App()
    .get("/text", (ctx) => ctx.text("<b>", init))
    .get("/html", (ctx) => ctx.html("<b>", init))
    .get("/json", (ctx) => ctx.json({ a: 1 }, init))
    .handler();
  const types = {
    text: "text/plain;charset=UTF-8",
    html: "text/html; charset=utf-8",
    json: "application/json",
  };
  for (const [path, type] of Object.entries(types)) {
    const response = await get(handler, `/${path}`);
    const { headers } = response;
    assert.deepEqual([response.status, headers.get("content-type"), headers.get("x-a")], [
      201,
      type,
      "b",
    ]);
    await response.body?.cancel();
  }
});

Deno.test("Context.render() completes the document and passes status and headers on", async () => {
  const handler = new App()
    .get("/", (ctx) => ctx.render(<h1>a &amp; b</h1>, { status: 418, headers: { "x-a": "b" } }))
    .get("/null", (ctx) => ctx.render(null))
    .handler();
  const response = await get(handler, "/");
  assert.equal(response.status, 418);
  assert.equal(response.headers.get("x-a"), "b");
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(
    await response.text(),
    `<!DOCTYPE html><html><head><meta charset="utf-8"/></head><body><h1>a &amp; b</h1></body></html>`,
  );
  assert.equal(await bodyOf(handler, "/null"), "");
});

Deno.test("Context.render() refuses what is not JSX", async () => {
  const render = (ctx: Context<unknown>) => ctx.render({} as never);
  const handler = new App().get("/", render).handler();
  await quietly(async () => {
    assert.deepEqual(await answerOf(handler, "/"), [500, "Internal server error"]);
  });
});

Deno.test("Context.render() ships no JavaScript with a page without islands", async () => {
  const handler = new App().get("/", (ctx) => ctx.render(<p>static</p>)).handler();
  const response = await get(handler, "/");
  assert.equal(response.headers.get("link"), null);
  assert.doesNotMatch(await response.text(), /<script/);
});

Deno.test("Context.render() awaits async components, which may answer by themselves", async () => {
  const handler = new App()
    .appWrapper(async ({ Component }) =>
      await Promise.resolve(
        <>
          app[<Component />]
        </>,
      )
    )
    .layout("*", async ({ Component, url }) => {
      await Promise.resolve();
      return url.searchParams.has("layout") ? new Response("layout") : (
        <>
          layout[<Component />]
        </>
      );
    })
    .route("/", {
      component: async ({ url }) => {
        await Promise.resolve();
        return url.searchParams.has("page") ? new Response("page") : <>page</>;
      },
    })
    .handler();
  assert.equal(await bodyOf(handler, "/"), "app[layout[page]]");
  assert.deepEqual(await answerOf(handler, "/?layout"), [200, "layout"]);
  assert.deepEqual(await answerOf(handler, "/?page"), [200, "page"]);
});

Deno.test("Context.stream() sends text and bytes of sync and async sources", async () => {
  async function* later() {
    yield "a";
    await Promise.resolve();
    yield "é";
  }
  const handler = new App()
    .get("/async", (ctx) => ctx.stream(later()))
    .get("/sync", (ctx) => ctx.stream(() => ["x", "y"], { status: 201 }))
    .get("/bytes", (ctx) => ctx.stream([new Uint8Array([104, 105])]))
    .handler();
  assert.deepEqual(await answerOf(handler, "/async"), [200, "aé"]);
  assert.deepEqual(await answerOf(handler, "/sync"), [201, "xy"]);
  assert.deepEqual(await answerOf(handler, "/bytes"), [200, "hi"]);
});

Deno.test("Context.stream() pulls one chunk at a time, and a reader that leaves ends the source", async () => {
  let pulled = 0;
  let isClosed = false;
  function* endless() {
    try {
      for (;;) yield String(pulled++);
    } finally {
      isClosed = true;
    }
  }
  const handler = new App().get("/", (ctx) => ctx.stream(endless())).handler();
  const reader = (await get(handler, "/")).body!.getReader();
  assert.equal(pulled, 0);
  await reader.read();
  await reader.read();
  assert.equal(pulled, 2);
  await reader.cancel();
  assert.equal(isClosed, true);
});

Deno.test("Context.stream() ends its source when the client disconnects", async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  async function* ticks() {
    try {
      for (;;) {
        yield "tick\n";
        await new Promise((done) => setTimeout(done, 5));
      }
    } finally {
      resolve();
    }
  }
  const handler = new App().get("/", (ctx) => ctx.stream(ticks())).handler();
  await using server = Deno.serve({ port: 0, onListen() {} }, handler);
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/`);
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
  await closed;
});

Deno.test("App.handler() stops the source of a GET that it runs for HEAD", async () => {
  let isClosed = false;
  function* source() {
    try {
      yield "x";
      yield "y";
    } finally {
      isClosed = true;
    }
  }
  const body = source();
  body.next(); // a generator that never started has nothing to close
  const handler = new App().get("/", (ctx) => ctx.stream(body)).handler();
  await get(handler, "/", { method: "HEAD" });
  await Promise.resolve();
  assert.equal(isClosed, true);
});
