import assert from "node:assert/strict";
import { VARIABLES } from "./config.ts";

const read = (path: string) => Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));

Deno.test("README lists exactly the variables of the configuration", () => {
  const [, section = ""] = read("README.md").split("\n## Configuration\n");
  const heads = section.split("\n## ")[0]!.match(/^- `[A-Z_]+`(?:, `[A-Z_]+`)*/gm) ?? [];
  const named = heads.flatMap((head) => head.match(/[A-Z][A-Z_]+/g) ?? []);
  assert.deepEqual(named.toSorted(), VARIABLES.toSorted());
});

Deno.test(".env.example lists exactly those variables, and Compose's passwords", () => {
  const passwords = ["POSTGRES_PASSWORD", "POSTGRES_READ_PASSWORD"];
  const lines = read(".env.example").matchAll(/^(?:# )?([A-Z_]+)=/gm);
  const named = new Set(lines.map((match) => match[1])); // some have several examples
  assert.deepEqual([...named].toSorted(), [...VARIABLES, ...passwords].toSorted());
});
