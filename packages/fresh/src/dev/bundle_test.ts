import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { resolveBuildConfig } from "./build_options.ts";
import { bundle } from "./bundle.ts";

const PACKAGES = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

/** Bundles every `.tsx` file of a project, and returns the code by file name. */
async function bundled(files: Record<string, string>): Promise<Record<string, string>> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.symlink(PACKAGES, `${root}/node_modules`);
    const entries: Record<string, string> = {};
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${root}/${name}`, text);
      if (name.endsWith(".tsx")) entries[name.slice(0, -4)] = `${root}/${name}`;
    }
    const outputs = await bundle({ ...resolveBuildConfig({ root }), mode: "development" }, entries);
    const code = outputs.filter(({ path }) => path.endsWith(".js"))
      .map(({ path, contents }) => [path, new TextDecoder().decode(contents)]);
    return Object.fromEntries(code);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const imports = {
  "alias": "npm:preact@10",
  "preact": "npm:preact@10.29.8",
  "@preact/signals": "npm:@preact/signals@2",
  "fresh": "jsr:@fresh/core@^2.3.3",
  "@/": "./",
};

Deno.test("bundle() finds one copy of preact and of signals, however they are imported", async () => {
  const output = await bundled({
    "deno.json": JSON.stringify({ imports }),
    "a.tsx": `import { h } from "alias"; import { useState } from 'npm:preact@10/hooks';
      import { signal } from "@preact/signals"; console.log(h, useState, signal);`,
    "b.tsx": `import { useRef } from "preact/hooks"; import { Head } from "fresh/runtime";
      import { label } from "@/label.ts";
      export default () => <Head><title>{label + String(useRef)}</title></Head>;`,
    "label.ts": `export const label: string = "found";`,
  });
  const code = Object.values(output).join("\n");
  assert.match(code, /label = "found"/);
  const sources = [...code.matchAll(/^\/\/ .*\/node_modules\/(.*)$/gm)].map((match) => match[1]!);
  const copies = (file: RegExp) => sources.filter((source) => file.test(source)).length;
  assert.equal(copies(/^preact\/dist\//), 1);
  assert.equal(copies(/^preact\/hooks\//), 1);
  assert.equal(copies(/^@preact\/signals\/dist\//), 1);
  assert.equal(copies(/^@preact\/signals-core\//), 1);
});

Deno.test("bundle() gives browser code the build's id", async () => {
  const { "a.js": code } = await bundled({
    "deno.json": JSON.stringify({ imports }),
    "a.tsx": `import { asset } from "fresh/runtime"; console.log(asset("/x"));`,
  });
  assert.match(code!, new RegExp(`BUILD_ID = "${resolveBuildConfig({}).buildId}"`));
  assert.doesNotMatch(code!, /Deno/);
});

Deno.test("bundle() names the import that a browser cannot have", async () => {
  const files = { "deno.json": "{}", "a.tsx": `import "node:fs";` };
  await assert.rejects(bundled(files), /Cannot bundle for the browser: node:fs/);
  const server = { "deno.json": JSON.stringify({ imports }), "a.tsx": `import "fresh";` };
  await assert.rejects(bundled(server), /Cannot bundle for the browser: fresh/);
});
