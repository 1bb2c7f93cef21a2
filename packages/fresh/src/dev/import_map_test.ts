import assert from "node:assert/strict";
import { findDenoConfig, resolveImport } from "./import_map.ts";

const config = {
  dir: "/app",
  jsxImportSource: "preact",
  imports: {
    "zod": "npm:zod@4.6.7",
    "@scope/pkg": "npm:@scope/pkg@^1",
    "fresh": "jsr:@fresh/core@^2.3.3",
    "@/": "./",
    "@/lib/": "./library/",
    "label": "./lib/label.ts",
  },
};

Deno.test("resolveImport() maps bare names, prefixes and paths inside packages", () => {
  const expected: Record<string, string | null> = {
    "zod": "npm:zod@4.6.7",
    "zod/mini": "npm:zod@4.6.7/mini",
    "@scope/pkg/deep/x": "npm:@scope/pkg@^1/deep/x",
    "fresh/runtime": "jsr:@fresh/core@^2.3.3/runtime",
    "@/islands/A.tsx": "file:///app/islands/A.tsx",
    "@/lib/a.ts": "file:///app/library/a.ts",
    "label": "file:///app/lib/label.ts",
    "label/x": null,
    "zodiac": null,
  };
  for (const [specifier, target] of Object.entries(expected)) {
    assert.equal(resolveImport(config, specifier), target, specifier);
  }
});

Deno.test("findDenoConfig() looks upwards", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/a/b`, { recursive: true });
  const imports = { x: "https://x.y//z" };
  const compilerOptions = { jsxImportSource: "a" };
  await Deno.writeTextFile(`${dir}/deno.json`, JSON.stringify({ imports, compilerOptions }));
  const found = await findDenoConfig(`${dir}/a/b`);
  assert.deepEqual(found, { dir, imports, jsxImportSource: "a" });
  await Deno.remove(dir, { recursive: true });
});
