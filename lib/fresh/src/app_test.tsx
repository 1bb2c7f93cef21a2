import assert from "node:assert/strict";
import { answerOf, bodyOf, get } from "../testing/request.ts";
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

Deno.test("App.use() runs middlewares in order, and only for routes added after it", async () => {
  const handler = new App<State>()
    .get("/early", trail)
    .use(mark("a"), mark("b"))
    .get("/late", trail)
    .handler();
  assert.deepEqual(await answerOf(handler, "/early"), [200, ""]);
  assert.deepEqual(await answerOf(handler, "/late"), [200, "ab"]);
});

Deno.test("App.use(path) runs for the path and everything below it", async () => {
  const handler = new App<State>()
    .use(mark("root "))
    .use("/api", mark("api "))
    .use("/api/v1", mark("v1 "))
    .get("/api", trail)
    .get("/api/v1/x", trail)
    .get("/apix", trail)
    .handler();
  assert.deepEqual(await answerOf(handler, "/api"), [200, "root api "]);
  assert.deepEqual(await answerOf(handler, "/api/v1/x"), [200, "root api v1 "]);
  assert.deepEqual(await answerOf(handler, "/apix"), [200, "root "]);
});

Deno.test("App.use() takes a function that loads the middleware, and loads it once", async () => {
  let loads = 0;
  const handler = new App<State>()
    .use(() => {
      loads++;
      return Promise.resolve(mark("lazy"));
    })
    .get("/", trail)
    .handler();
  assert.deepEqual(await answerOf(handler, "/"), [200, "lazy"]);
  assert.deepEqual(await answerOf(handler, "/"), [200, "lazy"]);
  assert.equal(loads, 1);
});

Deno.test("App.get() to App.all() answer their method, and a wrong method is a 405", async () => {
  const handler = new App()
    .get("/a", () => new Response("get"))
    .post("/a", () => new Response("post"))
    .put("/a", () => new Response("put"))
    .patch("/a", () => new Response("patch"))
    .all("/all", ({ req }) => new Response(req.method))
    .handler();
  for (const method of ["GET", "POST", "PUT", "PATCH"]) {
    assert.deepEqual(await answerOf(handler, "/a", { method }), [200, method.toLowerCase()]);
  }
  assert.deepEqual(await answerOf(handler, "/a", { method: "DELETE" }), [
    405,
    "Method Not Allowed",
  ]);
  assert.deepEqual(await answerOf(handler, "/all", { method: "DELETE" }), [200, "DELETE"]);
});

Deno.test("App.handler() answers OPTIONS of a known path with its methods", async () => {
  const handler = new App()
    .get("/a", () => new Response())
    .post("/a", () => new Response())
    .handler();
  const response = await get(handler, "/a", { method: "OPTIONS" });
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("allow"), "GET, POST");
  assert.equal((await get(handler, "/b", { method: "OPTIONS" })).status, 404);
});

Deno.test("App.handler() answers HEAD by GET without the body, unless there is a HEAD", async () => {
  const headers = { "x-from": "get" };
  const handler = new App()
    .get("/a", () => new Response("body", { headers }))
    .get("/b", () => new Response("body"))
    .head("/b", () => new Response(null, { headers: { "x-from": "head" } }))
    .handler();
  const a = await get(handler, "/a", { method: "HEAD" });
  assert.deepEqual([a.status, a.headers.get("x-from"), a.body], [200, "get", null]);
  const b = await get(handler, "/b", { method: "HEAD" });
  assert.deepEqual([b.status, b.headers.get("x-from"), b.body], [200, "head", null]);
});

Deno.test("App.handler() prefers exact paths, then patterns in the order they came", async () => {
  const handler = new App()
    .get("/:any", ({ params }) => new Response(`any ${params.any}`))
    .get("/:later", () => new Response("later"))
    .get("/exact", () => new Response("exact"))
    .get("/files/:path*", ({ params, route }) => new Response(`${route} ${params.path}`))
    .handler();
  assert.deepEqual(await answerOf(handler, "/exact"), [200, "exact"]);
  assert.deepEqual(await answerOf(handler, "/other"), [200, "any other"]);
  assert.deepEqual(await answerOf(handler, "/files/a%20b/c"), [200, "/files/:path* a b/c"]);
  assert.deepEqual(await answerOf(handler, "/a/b"), [404, "Not Found"]);
});

Deno.test("App.handler() keeps a malformed escape as it is", async () => {
  const handler = new App().get("/:name", ({ params }) => new Response(params.name)).handler();
  assert.deepEqual(await answerOf(handler, "/%E0%A4%A"), [200, "%E0%A4%A"]);
});

Deno.test("App.handler() folds repeated slashes before it looks for a route", async () => {
  const handler = new App().get("/a/b", ({ url }) => new Response(url.pathname)).handler();
  assert.deepEqual(await answerOf(handler, "//a///b"), [200, "/a/b"]);
});

Deno.test("Middlewares run for paths without a route too", async () => {
  const handler = new App<State>().use(mark("seen")).use(trail).handler();
  assert.deepEqual(await answerOf(handler, "/unknown"), [200, "seen"]);
});

Deno.test("App.route() renders its component with what the handler returns", async () => {
  const handler = new App()
    .route("/page", {
      handler: () => ({ data: "from handler", status: 201, headers: { "x-a": "b" } }),
      component: ({ data }) => <p>{data as string}</p>,
    })
    .route("/bare", { component: ({ data }) => <p>{JSON.stringify(data)}</p> })
    .route("/lazy", () => Promise.resolve({ handler: () => new Response("loaded") }))
    .route("/post", {
      handler: { POST: () => new Response("posted") },
      component: () => <p>form</p>,
    })
    .handler();
  const response = await get(handler, "/page");
  assert.deepEqual([response.status, response.headers.get("x-a")], [201, "b"]);
  assert.match(await response.text(), /<p>from handler<\/p>/);
  assert.equal(await bodyOf(handler, "/bare"), "<p>{}</p>");
  assert.deepEqual(await answerOf(handler, "/lazy", { method: "DELETE" }), [200, "loaded"]);
  assert.equal(await bodyOf(handler, "/post"), "<p>form</p>");
  assert.deepEqual(await answerOf(handler, "/post", { method: "POST" }), [200, "posted"]);
});

Deno.test("App.route() puts the style sheets of a route into the head", async () => {
  const handler = new App()
    .route("/", { component: () => <p>x</p>, css: ["/page.css"] })
    .handler();
  const html = await (await get(handler, "/")).text();
  assert.match(html, /<link rel="stylesheet" href="\/page\.css"\/><\/head>/);
});

Deno.test("App.appWrapper() and App.layout() nest around the page", async () => {
  const handler = new App()
    .appWrapper(({ Component }) => (
      <>
        app[<Component />]
      </>
    ))
    .layout("*", ({ Component }) => (
      <>
        root[<Component />]
      </>
    ))
    .layout("/a", ({ Component }) => (
      <>
        a[<Component />]
      </>
    ))
    .layout("/a/b", ({ Component }) => (
      <>
        b[<Component />]
      </>
    ), { skipInheritedLayouts: true })
    .get("/", (ctx) => ctx.render(<>page</>))
    .get("/a", (ctx) => ctx.render(<>page</>))
    .get("/a/b", (ctx) => ctx.render(<>page</>))
    .get(
      "/a/bare",
      (ctx) => ctx.render(<>page</>, {}, { skipAppWrapper: true, skipInheritedLayouts: true }),
    )
    .handler();
  assert.equal(await bodyOf(handler, "/"), "app[root[page]]");
  assert.equal(await bodyOf(handler, "/a"), "app[root[a[page]]]");
  assert.equal(await bodyOf(handler, "/a/b"), "app[b[page]]");
  assert.equal(await bodyOf(handler, "/a/bare"), "page");
});
