import assert from "node:assert/strict";
import { serve } from "../../testing/app.ts";
import { get, quietly } from "../../testing/request.ts";

Deno.test("A route file that needs more of Fresh is refused by its name, with the way to Fresh", async () => {
  const answer = { handler: () => new Response() };
  for (const id of ["[slug]", "(group)/x", "_layout", "blog/_middleware", "_error"]) {
    assert.throws(
      () => serve({ routes: { [id]: answer } }),
      (error: Error) =>
        error.message.includes(`routes/${id}`) && /switch to Fresh/.test(error.message),
    );
  }
  await quietly(async () => {
    const byMethod = { handler: { GET: answer.handler } as never };
    const handler = serve({ routes: { byMethod, empty: {} } });
    for (const path of ["/byMethod", "/empty"]) {
      assert.equal((await get(handler, path)).status, 500, path);
    }
  });
});
