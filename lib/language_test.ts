import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Words that CONTRIBUTING.md replaces by plain ones. Names of fields, parameters and properties
 * stay: `holes` of `/api/series`, `restated` of `/status`, `hole` of Plotly's pies.
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

const OPENER =
  "(?:What|Whatever|Where|Wherever|Whether|Who|Whoever|Whose|Which|Whichever|How|Why|" +
  "As long as|Those|All that|Everything that)";

/** Comments and test names that start with a clause instead of naming the thing. */
const CLAUSES = new RegExp(
  [
    String.raw`/\*\*?\s+(?:\* )?${OPENER}\b`,
    String.raw`(?<!//.*\n[ \t]*)(?<=^|[\s;{}(),])// ${OPENER}\b`,
    String.raw`(?<!(?:#|--) .*\n[ \t]*)(?<=^|\s)(?:#|--) ${OPENER}\b`,
    String.raw`\b[tT]est\(\s*["\x60](?i:${OPENER})\b`,
  ].join("|"),
  "gm",
);

/** Sources with comments, including files whose name is their type. */
const COMMENTED =
  /\.(?:tsx?|m?js|css|sql|ya?ml|sh|example)$|(?:^|\/)(?:Dockerfile|run|pin-images)$/;
const SOURCE = new RegExp(String.raw`${COMMENTED.source}|\.md$`);

/**
 * Applied migrations cannot be reworded: a database refuses to start when one of them differs.
 * Those from 0024 on were written after these rules.
 */
const OUTSIDE =
  /^(?:node_modules|_fresh|static\/vendor|migrations\/00(?:[01]\d|2[0-3])_|lib\/language_test\.ts)/;

function listSources(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    if (isDirectory && name.startsWith(".") && !/^\.(?:ci|github)$/.test(name)) return [];
    if (name === "node_modules") return [];
    if (OUTSIDE.test(relative(root, path))) return [];
    if (isDirectory) return listSources(path);
    return SOURCE.test(name) ? [relative(root, path)] : [];
  });
}

/** Matches in these sources, as `file:line: text`. */
function findAvoided(pattern: RegExp, sources: RegExp): string[] {
  return listSources(root).filter((file) => sources.test(file)).flatMap((file) => {
    const text = Deno.readTextFileSync(join(root, file));
    return [...text.matchAll(pattern)].map((match) =>
      `${file}:${text.slice(0, match.index).split("\n").length}: ${match[0].trim()}`
    );
  });
}

Deno.test("code, comments and documents use plain words", () => {
  assert.deepEqual(
    findAvoided(WORDS, SOURCE),
    [],
    "CONTRIBUTING.md, Language, has the words to use",
  );
});

Deno.test("comments and test names start with a noun or a verb", () => {
  assert.deepEqual(
    findAvoided(CLAUSES, COMMENTED),
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
});

Deno.test("the pattern finds every kind of comment that starts with a clause", () => {
  const planted = [
    "/** Whether it is closed. */",
    "/** What is kept. */",
    "/**\n * Whoever asks.\n */",
    "  /** How long it waits. */",
    "/* Where the chart ends */",
    "{/* Who reads this. */}",
    "// What follows is sorted.",
    "  // Whatever the order is, it is kept.",
    "  sort(); // Where it ends.",
    "# Which image is built",
    "-- Why it is null.",
    "/** As long as it is held. */",
    'Deno.test("where it is", f)',
    "test(`whether it is`, f)",
  ];
  for (const text of planted) assert.equal(text.match(CLAUSES)?.length, 1, text);
  const plain = [
    "/** True if it is closed. */",
    "/** Returns what is kept. */",
    "/** Wherefore is one word. */",
    "// Sorted, so that\n// What stays readable: the second line of a comment.",
    "# Pinned.\n# Where: the second line.",
    "/* When the chart ends, the feed ends. */",
    'Deno.test("reads where it is", f)',
  ];
  for (const text of plain) assert.equal(text.match(CLAUSES), null, text);
});
