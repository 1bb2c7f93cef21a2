import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, "utf8");

/** Plotly's sheet contains selectors for Plotly's own elements. */
const SHEETS = readdirSync(`${root}/static`)
  .filter((name) => name.endsWith(".css") && name !== "plotly.css");
/** Plotly's elements in the style sheets of pages. */
const PLOTLY = new Set(["js-plotly-plot"]);

/** Selectors of a sheet, without comments and at-rules. */
function selectorsOf(sheet: string): string[] {
  const css = read(`static/${sheet}`).replaceAll(/\/\*.*?\*\//gs, "");
  return [...css.matchAll(/([^{};]+)\{/g)].map(([, prelude]) => prelude!.trim())
    .filter((prelude) => !prelude.startsWith("@") && !/^(from|to|\d+%)$/.test(prelude));
}

/** Splits at commas outside of brackets. */
const partsOf = (selector: string) => selector.split(/,(?![^(]*\))/).map((part) => part.trim());
const classesOf = (selector: string) =>
  [...selector.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name]) => name!);
/** Classes of the element that a selector styles. */
const subjectOf = (selector: string) => classesOf(selector.split(/[\s>+~]+(?![^(]*\))/).at(-1)!);

/** Text of all files that may contain a class: components, islands, routes, chart code. */
function sources(): string {
  return ["islands", "routes", "lib/pages", "lib/chart"].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path) && !/_test\.tsx?$/.test(path))
      .map((path) => read(`${folder}/${path}`))
  ).join("\n");
}

const text = sources();
const words = new Set(text.match(/[\w-]+/g));

/** Used literally, or composed of a prefix in a template and a word that occurs elsewhere. */
function isUsed(name: string): boolean {
  if (words.has(name)) return true;
  for (let at = name.indexOf("-"); at !== -1; at = name.indexOf("-", at + 1)) {
    const [prefix, rest] = [name.slice(0, at + 1), name.slice(at + 1)];
    if (text.includes(`${prefix}\${`) && (/^\d+$/.test(rest) || words.has(rest))) return true;
  }
  return false;
}

Deno.test("every class in a style sheet is used by a component", () => {
  const names = new Set(SHEETS.flatMap(selectorsOf).flatMap(classesOf));
  const dead = [...names].filter((name) => !PLOTLY.has(name) && !isUsed(name));
  assert.ok(names.size > 200, String(names.size));
  assert.deepEqual(dead, []);
});

Deno.test("a class styled by two pages is defined in the shared sheet", () => {
  const subjects = new Map(
    SHEETS.map((sheet) =>
      [sheet, new Set(selectorsOf(sheet).flatMap(partsOf).flatMap(subjectOf))] as const
    ),
  );
  const shared = new Set(selectorsOf("styles.css").flatMap(classesOf));
  const pages = [...subjects].filter(([sheet]) => sheet !== "styles.css");
  const twice = pages.flatMap(([sheet, names]) =>
    [...names].filter((name) =>
      !shared.has(name) && pages.some(([other, theirs]) => other !== sheet && theirs.has(name))
    )
  );
  assert.deepEqual(twice, []);
});

Deno.test("every rule is in a layer, and each sheet declares the order of layers", () => {
  for (const sheet of [...SHEETS, "plotly.css"]) {
    const css = read(`static/${sheet}`).replaceAll(/\/\*.*?\*\//gs, "");
    assert.match(css.trimStart(), /^@layer base, components, page;/, sheet);
    const outside = [...css.matchAll(/^([^\s}@][^{]*)\{/gm)].map(([, prelude]) => prelude);
    assert.deepEqual(outside, [], sheet);
    const layers = new Set([...css.matchAll(/^@layer (\w+) \{/gm)].map(([, name]) => name));
    const expected = sheet === "styles.css"
      ? ["base", "components"]
      : [sheet === "plotly.css" ? "components" : "page"];
    assert.deepEqual([...layers], expected, sheet);
    assert.doesNotMatch(css, /!important/, sheet);
  }
});
