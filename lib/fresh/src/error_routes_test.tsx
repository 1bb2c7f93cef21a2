import assert from "node:assert/strict";
import { answerOf, bodyOf, get, quietly } from "../testing/request.ts";
import { App } from "./app.ts";
import type { Context } from "./context.ts";
import { HttpError } from "./error.ts";

Deno.test("App.handler() answers a thrown HttpError with its status, anything else with 500", async () => {
  const handler = new App()
    .get("/gone", () => {
      throw new HttpError(410, "no more");
    })
    .get("/teapot", () => {
      throw new HttpError(418);
    })
    .get("/bug", () => {
      throw new Error("secret");
    })
    .get("/nothing", (() => {}) as unknown as () => Response)
    .handler();
  await quietly(async () => {
    assert.deepEqual(await answerOf(handler, "/gone"), [410, "no more"]);
    assert.deepEqual(await answerOf(handler, "/teapot"), [418, "I'm a teapot"]);
    assert.deepEqual(await answerOf(handler, "/bug"), [500, "Internal server error"]);
    assert.deepEqual(await answerOf(handler, "/nothing"), [500, "Internal server error"]);
  });
});

Deno.test("App.onError() answers for its path, and the nearest one wins", async () => {
  const fail = () => {
    throw new HttpError(503, "down");
  };
  const say = (name: string) => (ctx: Context<unknown>) =>
    new Response(`${name} ${(ctx.error as Error).message}`);
  const handler = new App()
    .onError("*", say("root"))
    .onError("/api", say("api"))
    .get("/x", fail)
    .get("/api/x", fail)
    .handler();
  assert.deepEqual(await answerOf(handler, "/x"), [200, "root down"]);
  assert.deepEqual(await answerOf(handler, "/api/x"), [200, "api down"]);
  assert.deepEqual(await answerOf(handler, "/nowhere"), [200, "root "]);
});

Deno.test("App.onError() with a component answers with the error's status", async () => {
  const handler = new App()
    .onError("*", { component: ({ error }) => <p>{(error as Error).message}</p> })
    .get("/x", () => {
      throw new HttpError(409, "taken");
    })
    .handler();
  assert.equal((await get(handler, "/x")).status, 409);
  assert.equal(await bodyOf(handler, "/x"), "<p>taken</p>");
});

Deno.test("App.onError() hands what an error route throws to the one above", async () => {
  const handler = new App()
    .onError("*", (ctx) => new Response((ctx.error as Error).message))
    .onError("/api", () => {
      throw new Error("second");
    })
    .get("/api/x", () => {
      throw new Error("first");
    })
    .handler();
  assert.deepEqual(await answerOf(handler, "/api/x"), [200, "second"]);
});

Deno.test("App.notFound() answers 404s before any error route, with 200 for a component", async () => {
  const handler = new App()
    .onError("*", () => new Response("error"))
    .get("/thrown", () => {
      throw new HttpError(404);
    })
    .get("/broken", () => {
      throw new Error();
    })
    .notFound({ component: () => <p>nothing here</p> })
    .handler();
  assert.equal((await get(handler, "/unknown")).status, 200);
  assert.equal(await bodyOf(handler, "/unknown"), "<p>nothing here</p>");
  assert.equal(await bodyOf(handler, "/thrown"), "<p>nothing here</p>");
  assert.deepEqual(await answerOf(handler, "/broken"), [200, "error"]);
});

Deno.test("A middleware sees what its successors throw, and the same on ctx.error", async () => {
  const seen: unknown[] = [];
  const thrown = new Error("x");
  const handler = new App()
    .use(async (ctx) => {
      try {
        return await ctx.next();
      } catch (error) {
        seen.push(error, ctx.error);
        return new Response("caught");
      }
    })
    .get("/", () => {
      throw thrown;
    })
    .handler();
  assert.deepEqual(await answerOf(handler, "/"), [200, "caught"]);
  assert.deepEqual(seen, [thrown, thrown]);
});
