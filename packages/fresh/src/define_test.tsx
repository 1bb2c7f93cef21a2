import assert from "node:assert/strict";
import { createDefine, page } from "fresh";

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
  const handler = define.handlers((ctx) => {
    const user: string = ctx.state.user;
    return page({ user, rows: [1] }, { status: 201, headers: { "x-a": "b" } });
  });
  define.page<typeof handler>(({ data, state, url }) => {
    sameType<typeof data, { user: string; rows: number[] }>(true);
    sameType<typeof state, State>(true);
    return <p>{data.user} {url.pathname}</p>;
  });
});

Deno.test("page() hands over data, status and headers", () => {
  assert.deepEqual(page(1), { data: 1, status: undefined, headers: undefined });
  assert.deepEqual(page(1, { status: 404 }), { data: 1, status: 404, headers: undefined });
});
