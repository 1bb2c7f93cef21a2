import assert from "node:assert/strict";
import { VARIABLES } from "./config.ts";

const read = (path: string) => Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));

Deno.test("README's table of variables names exactly those there are", () => {
  const [, section = ""] = read("README.md").split("\n## Configuration\n");
  const rows = section.split("\n## ")[0]!.split("\n").filter((line) => line.startsWith("| `"));
  const named = rows.flatMap((row) => row.split("|")[1]!.match(/[A-Z][A-Z_]+/g) ?? []);
  assert.deepEqual(named.toSorted(), VARIABLES.toSorted());
});

Deno.test(".env.example names exactly those there are, and Compose's password", () => {
  const named = [...read(".env.example").matchAll(/^(?:# )?([A-Z_]+)=/gm)].map((match) => match[1]);
  assert.deepEqual(named.toSorted(), [...VARIABLES, "POSTGRES_PASSWORD"].toSorted());
});
