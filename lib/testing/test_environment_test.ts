import assert from "node:assert/strict";
import { withoutSettings } from "./test_environment.ts";

Deno.test("withoutSettings() leaves out what wick would read, and nothing else", () => {
  const kept = { PATH: "/bin", HOME: "/root", CI: "true", DENO_DIR: "/deno", LANG: "C" };
  const settings = { PORT: "8791", SYMBOLS: "X", PGOPTIONS: "-c x=y", OTEL_DENO: "true" };
  assert.deepEqual(withoutSettings({ ...kept, ...settings, DENO_DEPLOY: "true" }), kept);
});
