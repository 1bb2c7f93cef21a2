import assert from "node:assert/strict";
import { answerOf } from "../testing/request.ts";
import { App } from "./app.ts";
import type { Context } from "./context.ts";

interface State {
  trail: string;
}

/** A middleware that leaves its name. */
function mark(name: string) {
  return (ctx: Context<State>) => {
    ctx.state.trail = (ctx.state.trail ?? "") + name;
    return ctx.next();
  };
}

function trail(ctx: Context<State>): Response {
  return new Response(ctx.state.trail);
}

Deno.test("App answers under its base path only", async () => {
  const handler = new App({ basePath: "/base" })
    .get("/", () => new Response("root"))
    .get("/a/:id", ({ params }) => new Response(params.id))
    .handler();
  assert.deepEqual(await answerOf(handler, "/base"), [200, "root"]);
  assert.deepEqual(await answerOf(handler, "/base/a/1"), [200, "1"]);
  assert.deepEqual(await answerOf(handler, "/a/1"), [404, "Not Found"]);
});

Deno.test("App refuses a base path that is not a plain path", () => {
  for (const basePath of ["", "/", "./", "/ui", "/api/v1", "/ui.test"]) new App({ basePath });
  for (const basePath of ["ui", "/ui/", "/ui admin", "/ui@admin"]) {
    assert.throws(() => new App({ basePath }), /Invalid basePath/);
  }
});

Deno.test("App.mountApp() adds another app's routes and middlewares under a path", async () => {
  const inner = new App<State>({ basePath: "/v2" })
    .use(mark("inner"))
    .get("/", trail)
    .get("/:name", ({ params }) => new Response(params.name));
  const handler = new App<State>()
    .use(mark("outer "))
    .get("/", trail)
    .mountApp("/api", inner)
    .handler();
  assert.deepEqual(await answerOf(handler, "/"), [200, "outer "]);
  assert.deepEqual(await answerOf(handler, "/api/v2"), [200, "outer inner"]);
  assert.deepEqual(await answerOf(handler, "/api/v2/x"), [200, "x"]);
  assert.deepEqual(await answerOf(handler, "/api/x"), [404, "Not Found"]);
});

Deno.test("App.mountApp() does not repeat a base path that is the mount path", async () => {
  const inner = new App({ basePath: "/ui" }).get("/panel", () => new Response("panel"));
  const handler = new App().mountApp("/ui", inner).handler();
  assert.deepEqual(await answerOf(handler, "/ui/panel"), [200, "panel"]);
});

Deno.test("App with trustProxy takes the origin of ctx.url from forwarded headers", async () => {
  const headers = { "x-forwarded-proto": "https, http", "x-forwarded-host": "wick.example:8443" };
  const answer = (trustProxy: boolean) =>
    answerOf(
      new App({ trustProxy }).get("/a", ({ url }) => new Response(url.href)).handler(),
      "/a?b=1",
      { headers },
    );
  assert.deepEqual(await answer(true), [200, "https://wick.example:8443/a?b=1"]);
  assert.deepEqual(await answer(false), [200, "http://localhost/a?b=1"]);
});
