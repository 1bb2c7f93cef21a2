import fc from "fast-check";
import { openFuzzApp } from "../lib/testing/fuzz/fuzz_app.ts";
import { fuzzRequest, requireSound } from "../lib/testing/fuzz/fuzz_requests.ts";

const app = await openFuzzApp();
Deno.test.afterAll(app.close);

Deno.test({
  name: "no request breaks the server, hangs, or is echoed as markup",
  // Requests are random in every run; a failure prints the seed that repeats it.
  fn: () =>
    fc.assert(
      fc.asyncProperty(fuzzRequest, async (request) => {
        await requireSound(app.handler, request);
      }),
      { numRuns: 1_000 },
    ),
});
