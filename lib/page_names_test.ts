import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Scripts of the page; `lib/chart/page_names.ts` has the names that they share with its markup. */
const FOLDERS = ["lib/chart/session", "lib/chart/plotly", "islands"];

/** Texts of a file's string and template literals, without what templates put in. */
function literalsOf(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g)]
    .map(([text]) => text.slice(1, -1).replaceAll(/\$\{[^}]*\}/g, ""));
}

/** Ids and data attributes that a literal spells out. */
function namesIn(literal: string): string[] {
  return literal.match(/\bdata-[a-z][\w-]*|(?:^|[\s,>+~(])#[a-z][\w-]*/g) ?? [];
}

/** Look-ups by a literal id. */
function idsIn(source: string): string[] {
  return source.match(/getElementById\(\s*["'`][^)]*\)|\.dataset\b/g) ?? [];
}

Deno.test("scripts of the page spell out no id and no data attribute: page_names.ts has them", () => {
  const wrong = FOLDERS.flatMap((folder) =>
    [...Deno.readDirSync(join(root, folder))]
      .filter(({ name }) => /\.tsx?$/.test(name) && !/_test\.tsx?$/.test(name))
      .flatMap(({ name }) => {
        const source = Deno.readTextFileSync(join(root, folder, name));
        return [...literalsOf(source).flatMap(namesIn), ...idsIn(source)]
          .map((found) => `${folder}/${name}: ${found.trim()}`);
      })
  );
  assert.deepEqual(wrong, []);
});

Deno.test("namesIn() and idsIn() find names in selectors and look-ups, not in markup", () => {
  const source = [
    'document.querySelector("[data-move=reset]");',
    "document.querySelector(`form > #from-day, [${ACTION}=csv]`);",
    'document.getElementById("table");',
    "link.dataset.price;",
    '<a data-move={move} href="/charts">',
    "// the part with data-live",
    "this.#view;",
  ].join("\n");
  assert.deepEqual(literalsOf(source).flatMap(namesIn), ["data-move", " #from-day"]);
  assert.deepEqual(idsIn(source), ['getElementById("table")', ".dataset"]);
});
