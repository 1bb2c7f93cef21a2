import assert from "node:assert/strict";
import { withoutSettings } from "./test_environment.ts";

Deno.test("withoutSettings() removes the variables that wick would read, and no others", () => {
  const kept = { PATH: "/bin", HOME: "/root", CI: "true", DENO_DIR: "/deno", LANG: "C" };
  const settings = { PORT: "8791", SYMBOLS: "X", PGOPTIONS: "-c x=y", OTEL_DENO: "true" };
  assert.deepEqual(withoutSettings({ ...kept, ...settings, DENO_DEPLOY: "true" }), kept);
});
