import assert from "node:assert/strict";
import { type Context, HttpError, type Middleware, type PageProps } from "fresh";
import { serve } from "../testing/app.ts";
import { answerOf, bodyOf, get, quietly } from "../testing/request.ts";

interface State {
  trail: string;
}

/** A middleware that leaves its name. */
function mark(name: string): Middleware<State> {
  return (ctx) => {
    ctx.state.trail = (ctx.state.trail ?? "") + name;
    return ctx.next();
  };
}

function trail(ctx: Context<State>): Response {
  return new Response(ctx.state.trail);
}

Deno.test("App.use() runs middlewares in order, for paths without a route too", async () => {
  const middlewares = [mark("a"), mark("b")];
  const handler = serve<State>({ middlewares, routes: { index: { handler: trail } } });
  assert.deepEqual(await answerOf(handler, "/"), [200, "ab"]);
  const answering = serve<State>({ middlewares: [...middlewares, trail] });
  assert.deepEqual(await answerOf(answering, "/unknown"), [200, "ab"]);
});

Deno.test("A middleware sees what its successors throw", async () => {
  const seen: unknown[] = [];
  const thrown = new Error("x");
  const handler = serve({
    middlewares: [async (ctx) => {
      try {
        return await ctx.next();
      } catch (error) {
        seen.push(error);
        return new Response("caught");
      }
    }],
    routes: {
      index: {
        handler: () => {
          throw thrown;
        },
      },
    },
  });
  assert.deepEqual(await answerOf(handler, "/"), [200, "caught"]);
  assert.deepEqual(seen, [thrown]);
});

Deno.test("A route is named after its file, and answers all methods with its handler", async () => {
  const say = (ctx: Context<unknown>) => new Response(`${ctx.req.method} ${ctx.route}`);
  const handler = serve({
    routes: {
      "index": { handler: say },
      "docs/index": { handler: say },
      "api/v3/ping": () => Promise.resolve({ handler: say }),
    },
  });
  for (const path of ["/", "/docs", "/api/v3/ping"]) {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      assert.deepEqual(await answerOf(handler, path, { method }), [200, `${method} ${path}`]);
    }
  }
  for (const path of ["/index", "/api", "/api/v3/ping/x", "/%E0%A4%A"]) {
    assert.deepEqual(await answerOf(handler, path), [404, "Not Found"], path);
  }
});

Deno.test("A method that Fresh does not route is a 500 on a route, and a 404 elsewhere", async () => {
  const handler = serve({ routes: { index: { handler: () => new Response() } } });
  await quietly(async () => {
    assert.equal((await get(handler, "/", { method: "PROPFIND" })).status, 500);
  });
  assert.equal((await get(handler, "/x", { method: "PROPFIND" })).status, 404);
});

Deno.test("A HEAD runs the handler and drops the body", async () => {
  const headers = { "x-from": "handler" };
  const handler = serve({
    routes: { a: { handler: () => new Response("body", { headers }) } },
  });
  const response = await get(handler, "/a", { method: "HEAD" });
  assert.deepEqual(
    [response.status, response.headers.get("x-from"), response.body],
    [200, "handler", null],
  );
});

Deno.test("Slashes at the end and repeated ones make no difference to the route", async () => {
  const handler = serve({
    basePath: "/base",
    routes: {
      "index": { handler: ({ url }) => new Response(url.pathname) },
      "a/b": { handler: ({ url }) => new Response(url.pathname) },
    },
  });
  const expected = {
    "/base": "/base",
    "/base/": "/base/",
    "/base/a/b/": "/base/a/b/",
    "//base//a///b": "/base/a/b",
  };
  for (const [path, seen] of Object.entries(expected)) {
    assert.deepEqual(await answerOf(handler, path), [200, seen], path);
  }
  assert.equal((await get(handler, "/a/b")).status, 404);
});

Deno.test("A route file is loaded at its first request, and only then", async () => {
  let loads = 0;
  const load = () => {
    loads++;
    return Promise.resolve({ handler: () => new Response() });
  };
  const handler = serve({ routes: { page: load } });
  assert.equal(loads, 0);
  await get(handler, "/page");
  await get(handler, "/page");
  assert.equal(loads, 1);
});

Deno.test("A route renders its component with what the handler returns, in the app wrapper", async () => {
  const handler = serve({
    routes: {
      _app: {
        default: async ({ Component }) =>
          await Promise.resolve(
            <main>
              <Component />
            </main>,
          ),
      },
      page: {
        handler: () => ({ data: "from handler", status: 201, headers: { "x-a": "b" } }),
        default: ({ data }: PageProps) => <p>{data as string}</p>,
      },
      bare: { default: ({ data }: PageProps) => <p>{JSON.stringify(data)}</p> },
    },
  });
  const response = await get(handler, "/page");
  assert.deepEqual([response.status, response.headers.get("x-a")], [201, "b"]);
  assert.match(await response.text(), /<main><p>from handler<\/p><\/main>/);
  assert.equal(await bodyOf(handler, "/bare"), "<main><p>{}</p></main>");
});

Deno.test("Context.render() completes the document and passes status and headers on", async () => {
  const handler = serve({
    routes: {
      index: {
        handler: (ctx) => ctx.render(<h1>a &amp; b</h1>, { status: 418, headers: { "x-a": "b" } }),
      },
      null: { handler: (ctx) => ctx.render(null) },
    },
  });
  const response = await get(handler, "/");
  const { headers } = response;
  assert.deepEqual([response.status, headers.get("x-a")], [418, "b"]);
  assert.equal(headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(headers.get("link"), null);
  assert.equal(
    await response.text(),
    `<!DOCTYPE html><html><head><meta charset="utf-8"/></head><body><h1>a &amp; b</h1></body></html>`,
  );
  assert.equal(await bodyOf(handler, "/null"), "");
});

Deno.test("A thrown HttpError is answered with its status, anything else with 500", async () => {
  const throwing = (error: Error) => ({
    handler: () => {
      throw error;
    },
  });
  const handler = serve({
    routes: {
      gone: throwing(new HttpError(410, "no more")),
      teapot: throwing(new HttpError(418)),
      bug: throwing(new Error("secret")),
      nothing: { handler: (() => {}) as unknown as () => Response },
      jsx: { handler: (ctx) => ctx.render({} as never) },
    },
  });
  await quietly(async () => {
    assert.deepEqual(await answerOf(handler, "/gone"), [410, "no more"]);
    assert.deepEqual(await answerOf(handler, "/teapot"), [418, "I'm a teapot"]);
    for (const path of ["/bug", "/nothing", "/jsx"]) {
      assert.deepEqual(await answerOf(handler, path), [500, "Internal server error"], path);
    }
  });
});
