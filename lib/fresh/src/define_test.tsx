import assert from "node:assert/strict";
import { App, createDefine, HttpError, type Middleware, page, type RouteConfig } from "./mod.ts";

interface State {
  user: string;
}

const define = createDefine<State>();

/** Fails to compile unless both types are the same. */
function sameType<A, B>(
  _: (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
    : never,
): void {}

Deno.test("createDefine() carries the handler's data and the state into the page, without a cast", () => {
  const handler = define.handlers({
    GET(ctx) {
      const user: string = ctx.state.user;
      return page({ user, rows: [1] }, { status: 201, headers: { "x-a": "b" } });
    },
    async POST(ctx) {
      const form = await ctx.req.formData();
      if (!form.has("x")) throw new HttpError(400, "no x");
      return ctx.redirect("/");
    },
  });
  const Page = define.page<typeof handler>(({ data, state, url, params }) => {
    sameType<typeof data, { user: string; rows: number[] }>(true);
    sameType<typeof state, State>(true);
    sameType<typeof params, Record<string, string>>(true);
    return <p>{data.user} {url.pathname}</p>;
  });
  const config: RouteConfig = { skipAppWrapper: true };
  new App<State>().route("/", { handler, component: Page as never, config });
});

Deno.test("createDefine() types single handlers, layouts and middlewares", () => {
  const handler = define.handlers((ctx) => page({ user: ctx.state.user }));
  define.page<typeof handler>(({ data }) => {
    sameType<typeof data, { user: string }>(true);
    return <p>{data.user}</p>;
  });
  const Layout = define.layout(({ Component, state }) => (
    <p>
      {state.user}
      <Component />
    </p>
  ));
  const one = define.middleware((ctx) => ctx.next());
  const two = define.middleware([one, async (ctx) => await ctx.next()]);
  const typed: Middleware<State> = one;
  new App<State>().use(typed, ...two).layout("/", Layout).appWrapper(Layout);
});

Deno.test("page() without data hands over undefined", () => {
  assert.deepEqual(page(), { data: undefined });
  assert.deepEqual(page(1, { status: 404 }), { data: 1, status: 404 });
});
