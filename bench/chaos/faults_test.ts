import assert from "node:assert/strict";
import { FAULTS } from "./faults.ts";

const DOCUMENT = new URL("../../docs/reliability.md", import.meta.url);

Deno.test("chaos: every fault has its own name and is listed in docs/reliability.md", async () => {
  const text = await Deno.readTextFile(DOCUMENT);
  const names = FAULTS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(names.filter((name) => !text.includes(`- \`${name}\`: `)), []);
});

Deno.test("chaos: the short form covers wick, its database, its disk and its shutdown", () => {
  const names = FAULTS.filter(({ isShort }) => isShort).map(({ name }) => name);
  const expected = ["kill-wick", "kill-postmaster", "sigterm-some", "database-cut"];
  assert.deepEqual(names, [...expected, "disk-full-collecting"]);
});
