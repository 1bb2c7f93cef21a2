import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Words that CONTRIBUTING.md replaces by plain ones. Names of fields, parameters and properties stay:
 * `holes` of `/api/series`, `restated` of `/status`, `hole` of Plotly's pies.
 */
const WORDS = new RegExp(
  [
    String.raw`\b(?:nobody|somebody|whoever|meanwhile|anew|aloud)\b`,
    String.raw`\b(?:of (?:its|their)|by (?:it|them)) ?(?:own|sel(?:f|ves))\b`,
    String.raw`(?<!["'.])\bholes?\b(?!["':])`,
    String.raw`(?<!["'.&])\brestat(?:e|es|ed|ing|ements?)\b(?![:"'=])`,
    String.raw`\bmoving candles?\b|\bcandles? that (?:still )?moves?\b`,
    String.raw`\bunfinished\b|\bof ours\b(?!\.)|\basks? us\b|\bleft to (?:another|us)\b`,
    String.raw`\bCould not [\w-]+: `,
  ].join("|"),
  "gi",
);

/** Comments and test names that start with a relative clause instead of naming the thing. */
const CLAUSES = new RegExp(
  [
    String.raw`/\*\*\s+(?:\* )?(?:What|Where|Whoever|Who|Those|All that|Everything that)\b`,
    String.raw`(?<!//.*\n)^\s*// (?:What|Whoever|Those|All that)\b`,
    String.raw`\b[tT]est\(\s*["\x60](?:what|whoever|where)\b`,
  ].join("|"),
  "gm",
);

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

/** Matches in all sources, as `file:line: text`. */
function findAvoided(pattern: RegExp): string[] {
  return listSources(root).flatMap((file) => {
    const text = Deno.readTextFileSync(join(root, file));
    return [...text.matchAll(pattern)].map((match) =>
      `${file}:${text.slice(0, match.index).split("\n").length}: ${match[0].trim()}`
    );
  });
}

Deno.test("code, comments and documents use plain words", () => {
  assert.deepEqual(findAvoided(WORDS), [], "CONTRIBUTING.md, Language, has the words to use");
});

Deno.test("comments and test names start with a noun or a verb", () => {
  assert.deepEqual(
    findAvoided(CLAUSES),
    [],
    "Name the thing: `The listing date`, `Stores candles`",
  );
});

Deno.test("the patterns find the avoided words, and no names of fields", () => {
  const words = "Nobody waits by itself meanwhile, in a file of its own; whole holes, restated";
  assert.deepEqual(words.match(WORDS), [
    "Nobody",
    "by itself",
    "meanwhile",
    "of its own",
    "holes",
    "restated",
  ]);
  assert.equal('{ holes: 1 }; query.restated; "/status?restated=2"; hole: 0.6'.match(WORDS), null);
  const clauses = '/** What is kept. */\n/**\n * Whoever asks.\n */\nDeno.test("where it is", f)';
  assert.equal(clauses.match(CLAUSES)?.length, 3);
  assert.equal("/** Whether it is closed. */\n// so that\n// what follows".match(CLAUSES), null);
});
