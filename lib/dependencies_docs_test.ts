import assert from "node:assert/strict";

const read = (path: string) => Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));
const text = read("docs/dependencies.md");
const { imports }: { imports: Record<string, string> } = JSON.parse(read("deno.json"));
const names = Object.keys(imports).toSorted();

/** Cells of the table of packages. */
const rows = text.split("\n").filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", "")));

Deno.test("docs/dependencies.md gives one reason and one row for each package of deno.json", () => {
  const [, reasons = ""] = /^## Reasons$(.*?)^## /ms.exec(text) ?? [];
  const named = [...reasons.matchAll(/^- `([^`]+)`: \S/gm)].map(([, name]) => name);
  assert.deepEqual(named.toSorted(), names);
  assert.deepEqual(rows.map(([name]) => name).toSorted(), names);
});

Deno.test("docs/dependencies.md has the version, licence and size of each installed package", () => {
  for (const [name = "", version, size = "", licence, newest, year] of rows) {
    if (!imports[name]?.startsWith("npm:")) continue;
    const installed = JSON.parse(read(`node_modules/${name}/package.json`));
    assert.ok(imports[name].endsWith(`@${version}`), `${name} ${version}`);
    assert.deepEqual([version, licence], [installed.version, installed.license], name);
    const measured = folderSize(new URL(`../node_modules/${name}`, import.meta.url)) / 1e6;
    assert.ok(Math.abs(parseFloat(size) - measured) < 0.1, `${name}: ${measured} MB`);
    assert.match(`${newest} ${year}`, /^\d{4}-\d\d-\d\d \d+$/, name);
  }
});

function folderSize(folder: URL): number {
  const path = Deno.realPathSync(folder);
  return [...Deno.readDirSync(path)].reduce((sum, { name, isFile, isDirectory }) => {
    const inner = new URL(`file://${path}/${name}`);
    if (isDirectory) return sum + folderSize(inner);
    return isFile ? sum + Deno.statSync(inner).size : sum;
  }, 0);
}
