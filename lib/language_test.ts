import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import debt from "./testing/language_debt.json" with { type: "json" };

const root = fileURLToPath(new URL("..", import.meta.url));

/** Words that CONTRIBUTING.md replaces by plain ones. `holes` stays a field of `/api/series`. */
const AVOIDED =
  /\b(?:nobody|somebody|whoever|meanwhile|anew|aloud|holes?|(?:of (?:its|their)|by (?:it|them)) ?(?:own|sel(?:f|ves)))\b/gi;

const SOURCE = /\.(?:tsx?|md|css|sql|yml|sh)$/;
/** Migrations cannot be reworded: a database refuses to start when one that it has applied differs. */
const OUTSIDE = /^(?:node_modules|_fresh|static\/vendor|migrations|lib\/language_test\.ts)/;

function listSources(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    if (name.startsWith(".") || name === "node_modules") return [];
    if (OUTSIDE.test(relative(root, path))) return [];
    if (isDirectory) return listSources(path);
    return SOURCE.test(name) ? [relative(root, path)] : [];
  });
}

/** Avoided words by file. */
function countAvoided(): Map<string, number> {
  const counts = listSources(root).map((file) => {
    const text = Deno.readTextFileSync(join(root, file));
    return [file, text.match(AVOIDED)?.length ?? 0] as const;
  });
  return new Map(counts.filter(([, count]) => count > 0));
}

Deno.test("code, comments and documents use plain words; lib/testing/language_debt.json only shrinks", () => {
  const known: Record<string, number> = debt;
  const more = [...countAvoided()].filter(([file, count]) => count > (known[file] ?? 0));
  assert.deepEqual(more, [], `Replace what matches ${AVOIDED.source}`);
});

Deno.test("AVOIDED finds the words that are to be replaced, and no others", () => {
  const found = "Nobody waits by itself meanwhile, in a file of its own; whole holes".match(
    AVOIDED,
  );
  assert.deepEqual(found, ["Nobody", "by itself", "meanwhile", "of its own", "holes"]);
});
