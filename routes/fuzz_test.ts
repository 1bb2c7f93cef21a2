import fc from "fast-check";
import { openFuzzApp } from "../lib/testing/fuzz_app.ts";
import { fuzzRequest, requireSound } from "../lib/testing/fuzz_requests.ts";

const app = await openFuzzApp();
Deno.test.afterAll(app.close);

Deno.test({
  name: "whatever is asked, nothing breaks, hangs, or comes back as markup",
  // What is asked is drawn anew on every run; a failure names the seed that draws it again.
  fn: () =>
    fc.assert(
      fc.asyncProperty(fuzzRequest, async (request) => {
        await requireSound(app.handler, request);
      }),
      { numRuns: 1_000 },
    ),
});
