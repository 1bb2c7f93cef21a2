import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const listMarkdown = (folder: string) =>
  [...Deno.readDirSync(join(root, folder))].filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => join(folder, name));
const packages = [...Deno.readDirSync(join(root, "packages"))].map(({ name }) =>
  `packages/${name}`
);
const documents = new Map(
  ["", "docs", ...packages].flatMap(listMarkdown)
    .map((path) => [path, Deno.readTextFileSync(join(root, path))]),
);

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The anchor that GitHub generates for a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
}

function describeBrokenLink(from: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? from : relative(root, join(root, dirname(from), path));
  if (!exists(join(root, target))) return `${from}: ${link} leads to no file`;
  if (anchor === undefined) return undefined;
  const headings = [...documents.get(target)?.matchAll(/^#+ (.+)$/gm) ?? []];
  const isHeading = headings.some(([, heading]) => anchorOf(heading!) === anchor);
  return isHeading ? undefined : `${from}: ${link} leads to no heading`;
}

Deno.test("links between documents point to existing files and headings", () => {
  const broken = [...documents].flatMap(([path, text]) =>
    [...text.matchAll(/\]\(([^)\s]+)\)|\bsrc(?:set)?="([^"]+)"/g)]
      .map(([, link, source]) => link ?? source!)
      .filter((link) => !/^https?:/.test(link))
      .map((link) => describeBrokenLink(path, link))
      .filter((problem) => problem !== undefined)
  );
  assert.deepEqual(broken, []);
});

Deno.test("lines of tables in documents have fewer than 120 characters", () => {
  const long = [...documents].flatMap(([path, text]) =>
    text.split("\n").filter((line) => line.startsWith("|") && line.length >= 120)
      .map((line) => `${path}: ${line.slice(0, 40)}…`)
  );
  assert.deepEqual(long, []);
});

Deno.test("every task that a document names is one of deno.json", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  const unknown = [...documents].flatMap(([path, text]) =>
    [...text.matchAll(/deno(?:@[\d.]+)? task ([a-z][\w-]*)/g)]
      .filter(([, name]) => !(name! in tasks))
      .map(([command]) => `${path}: ${command}`)
  );
  assert.deepEqual(unknown, []);
});

Deno.test("every file that a document names in code exists", () => {
  const missing = [...documents].filter(([path]) => path !== "CHANGELOG.md").flatMap((
    [path, text],
  ) =>
    [...text.matchAll(/`((?:lib|routes|islands|packages|docs|ops|tests|migrations)\/[\w./-]*)`/g)]
      .map(([, name]) => name!)
      .filter((name) => !name.includes("NAME") && !name.includes("NNNN"))
      .filter((name) => !exists(join(root, name)))
      .map((name) => `${path}: ${name}`)
  );
  assert.deepEqual(missing, []);
});

Deno.test("CONTRIBUTING's layout has every folder of lib and every folder at the top", () => {
  const [, layout = ""] = documents.get("CONTRIBUTING.md")!.split("\n## Layout\n");
  const named = new Set(
    [...layout.split("\n## ")[0]!.matchAll(/`([\w./]+)\/`/g)].map(([, name]) => name!),
  );
  const foldersIn = (folder: string) =>
    [...Deno.readDirSync(join(root, folder))]
      .filter(({ name, isDirectory }) => isDirectory && !/^[._]|^node_modules$/.test(name))
      .map(({ name }) => join(folder, name));
  const isNamed = (folder: string) =>
    [...named].some((name) => name === folder || name.startsWith(`${folder}/`));
  const left = [...foldersIn(""), ...foldersIn("lib")].filter((folder) => !isNamed(folder));
  assert.deepEqual(left, []);
});

Deno.test("README's pictures take at most 120 kB each", () => {
  for (const { name } of Deno.readDirSync(join(root, "docs/images"))) {
    const { size } = Deno.statSync(join(root, "docs/images", name));
    assert.ok(size <= 120_000, `${name} has ${size} bytes`);
  }
});
