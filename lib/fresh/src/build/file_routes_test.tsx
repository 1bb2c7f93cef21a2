import assert from "node:assert/strict";
import { appWithRoutes } from "../../testing/build.ts";
import { answerOf, bodyOf, get, quietly } from "../../testing/request.ts";
import type { Context } from "../context.ts";
import { HttpError } from "../error.ts";
import type { PageProps } from "../route.ts";

interface State {
  trail?: string;
}

function mark(name: string) {
  return (ctx: Context<State>) => {
    ctx.state.trail = (ctx.state.trail ?? "") + name;
    return ctx.next();
  };
}

const trail = (ctx: Context<State>) => new Response(ctx.state.trail ?? "");

function around(name: string) {
  return ({ Component }: PageProps<unknown, State>) => (
    <>
      {name}[<Component />]
    </>
  );
}

Deno.test("A route file answers with its handler or its component", async () => {
  const handler = appWithRoutes<State>({
    "handler": { handler: () => new Response("function") },
    "handlers": { handlers: { GET: () => new Response("by method") } },
    "component": { default: () => <p>component</p> },
  }).handler();
  assert.deepEqual(await answerOf(handler, "/handler", { method: "PUT" }), [200, "function"]);
  assert.deepEqual(await answerOf(handler, "/handlers"), [200, "by method"]);
  assert.equal(await bodyOf(handler, "/component"), "<p>component</p>");
});

Deno.test("A lazy route file is loaded at its first request, and only then", async () => {
  let loads = 0;
  const handler = appWithRoutes<State>({
    "page": () => {
      loads++;
      return Promise.resolve({ handler: { GET: trail } });
    },
  }).handler();
  assert.equal(loads, 0);
  await answerOf(handler, "/page");
  await answerOf(handler, "/page");
  assert.equal(loads, 1);
});

Deno.test("A method without a handler is a 404 on a lazy route file, a 405 on a loaded one", async () => {
  const mod = { handler: { GET: trail } };
  const handler = appWithRoutes<State>({ "lazy": () => Promise.resolve(mod), "loaded": mod })
    .handler();
  for (const [path, status] of [["/lazy", 404], ["/loaded", 405]] as const) {
    const response = await get(handler, path, { method: "POST" });
    assert.equal(response.status, status, path);
    await response.body?.cancel();
  }
  assert.equal((await get(handler, "/lazy", { method: "HEAD" })).status, 200);
});

Deno.test("_middleware runs for its folder and below, groups included", async () => {
  const handler = appWithRoutes<State>({
    "_middleware": { default: [mark("a"), mark("b")] },
    "index": { handler: trail },
    "foo/_middleware": { default: mark("foo") },
    "foo/index": { handler: trail },
    "foo/[[id]]": { handler: trail },
    "foo/bar/baz": { handler: trail },
    "(admin)/_middleware": { handler: mark("admin") },
    "(admin)/users": { handler: trail },
    "[org]/_middleware": { handlers: mark("org") },
    "[org]/team": { handler: trail },
  }).handler();
  const expected = {
    "/": "ab",
    "/foo": "abfoo",
    "/foo/1": "abfoo",
    "/foo/bar/baz": "abfoo",
    "/users": "abadmin",
    "/deno/team": "aborg",
  };
  for (const [path, text] of Object.entries(expected)) {
    assert.deepEqual(await answerOf(handler, path), [200, text], path);
  }
});

Deno.test("_app and _layout nest, unless a config says otherwise", async () => {
  const page = () => <>page</>;
  const handler = appWithRoutes<State>({
    "_app": { default: around("app") },
    "_layout": { default: around("root") },
    "index": { default: page },
    "noApp": { default: page, config: { skipAppWrapper: true } },
    "bare": { default: page, config: { skipAppWrapper: true, skipInheritedLayouts: true } },
    "sub/_layout": { default: around("sub"), config: { skipInheritedLayouts: true } },
    "sub/index": { default: page },
    "plain/_layout": { default: around("plain"), config: { skipAppWrapper: true } },
    "plain/index": { default: page },
  }).handler();
  const expected = {
    "/": "app[root[page]]",
    "/noApp": "root[page]",
    "/bare": "page",
    "/sub": "app[sub[page]]",
    "/plain": "root[plain[page]]",
  };
  for (const [path, html] of Object.entries(expected)) {
    assert.equal(await bodyOf(handler, path), html, path);
  }
});

Deno.test("_error answers for its folder with the error's status, inside its layouts", async () => {
  const fail = () => {
    throw new Error("broken");
  };
  const show = (name: string) => ({ error }: PageProps<unknown, State>) => (
    <>
      {name} {error instanceof HttpError ? error.status : (error as Error).message}
    </>
  );
  const handler = appWithRoutes<State>({
    "_error": { default: show("root") },
    "fail": { handler: fail },
    "sub/_error": { default: show("sub") },
    "sub/_layout": { default: around("layout") },
    "sub/fail": { default: fail },
  }).handler();
  assert.equal((await get(handler, "/fail")).status, 500);
  assert.equal(await bodyOf(handler, "/fail"), "root broken");
  assert.equal(await bodyOf(handler, "/sub/fail"), "layout[sub broken]");
  assert.equal((await get(handler, "/unknown")).status, 404);
  assert.equal(await bodyOf(handler, "/unknown"), "root 404");
});

Deno.test("_404 answers what no route matches, with 200 for a component", async () => {
  const handler = appWithRoutes<State>({
    "_error": { default: () => <>error</> },
    "_404": { default: () => <>nothing</> },
    "index": { handler: trail },
  }).handler();
  assert.equal((await get(handler, "/unknown")).status, 200);
  assert.equal(await bodyOf(handler, "/unknown"), "nothing");
});

Deno.test("config.routeOverride moves a route", async () => {
  const handler = appWithRoutes<State>({
    "old": { handler: trail, config: { routeOverride: "/new/:id" } },
  }).handler();
  assert.equal((await get(handler, "/new/1")).status, 200);
  assert.equal((await get(handler, "/old")).status, 404);
});

Deno.test("Files of groups that share a path answer for each other's methods", async () => {
  const handler = appWithRoutes<State>({
    "(a)/x": { handler: { POST: () => new Response("post") } },
    "(b)/x": { handler: { GET: () => new Response("get") } },
  }).handler();
  assert.deepEqual(await answerOf(handler, "/x"), [200, "get"]);
  assert.deepEqual(await answerOf(handler, "/x", { method: "POST" }), [200, "post"]);
});

Deno.test("A route file without any of the known exports is refused by its name", async () => {
  assert.throws(() => appWithRoutes({ "empty": {} }).handler(), /routes\/empty/);
  const byMethod = { handler: { GET: trail } };
  assert.throws(() => appWithRoutes({ "_middleware": byMethod }).handler(), /routes\/_middleware/);
  const lazy = appWithRoutes({ "empty": () => Promise.resolve({}) }).handler();
  await quietly(async () => assert.equal((await get(lazy, "/empty")).status, 500));
});
