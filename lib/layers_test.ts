import assert from "node:assert/strict";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TEST_PACKAGES } from "./build/run_packages.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Allowed imports. A part is a folder of lib (see `DIVIDED`), a file of lib, a package, or a
 * top-level folder or file.
 */
const ALLOWED: Record<string, readonly string[]> = {
  "lib/core": ["deno.json"],
  "lib/ports": ["lib/core"],
  "lib/config.ts": ["lib/core"],
  "lib/pg_service.ts": ["lib/core"],
  "lib/clock.ts": ["lib/ports"],
  "lib/env_file.ts": ["lib/core", "lib/log.ts"],
  "lib/log.ts": ["lib/core", "lib/ports"],
  "lib/trace.ts": [],
  "lib/event_loop.ts": [],
  "lib/build": ["lib/core", "lib/log.ts"],
  "lib/server": ["lib/core", "lib/ports"],
  "lib/telemetry": ["lib/core", "lib/outbound", "lib/ports", "lib/trace.ts"],
  "lib/collector": ["lib/core", "lib/ports"],
  "lib/live": ["lib/core", "lib/ports"],
  "lib/outbound": ["lib/core"],
  "lib/marketcap": ["lib/core", "lib/outbound", "lib/ports"],
  "lib/binance": ["lib/core", "lib/outbound", "lib/ports"],
  "lib/candle_files": ["lib/binance", "lib/core", "lib/ports"],
  "lib/binance_api": ["lib/core", "lib/http", "lib/ports"],
  "lib/store/kv": ["lib/core", "lib/ports"],
  "lib/store/cluster": ["lib/config.ts", "lib/core", "lib/ports", "lib/store/kv"],
  "lib/store/postgres": [
    "lib/config.ts",
    "lib/core",
    "lib/event_loop.ts",
    "lib/pg_service.ts",
    "lib/ports",
    "lib/store/cluster",
    "lib/trace.ts",
  ],
  "lib/export": ["lib/core", "lib/event_loop.ts", "lib/http", "lib/ports"],
  "lib/lake": ["lib/core", "lib/export", "lib/ports"],
  "lib/http": ["lib/core", "lib/event_loop.ts", "lib/live", "lib/ports", "lib/trace.ts"],
  "lib/openapi": ["lib/core", "lib/export", "lib/http", "lib/ports"],
  "lib/chart/model": ["lib/core"],
  "lib/chart/page_names.ts": [],
  "lib/chart/svg": ["lib/chart/model", "lib/core"],
  "lib/chart/plotly": ["lib/chart/model", "lib/chart/page_names.ts", "lib/core"],
  "lib/chart/session": [
    "lib/chart/model",
    "lib/chart/page_names.ts",
    "lib/chart/plotly",
    "lib/core",
  ],
  "lib/pages/components": [
    "lib/chart/page_names.ts",
    "lib/chart/model",
    "lib/chart/plotly",
    "lib/chart/session",
    "lib/chart/svg",
    "lib/core",
    "lib/marketcap",
  ],
  "lib/pages/shell": [
    "lib/chart/page_names.ts",
    "lib/core",
    "lib/http",
    "lib/pages/components",
    "lib/ports",
  ],
  "lib/pages/charts": [
    "lib/chart/page_names.ts",
    "lib/chart/model",
    "lib/chart/plotly",
    "lib/chart/session",
    "lib/chart/svg",
    "lib/core",
    "lib/http",
    "lib/marketcap",
    "lib/pages/components",
    "lib/ports",
  ],
  "lib/pages/charts/layout": [
    "lib/chart/page_names.ts",
    "islands",
    "lib/chart/model",
    "lib/core",
    "lib/http",
    "lib/marketcap",
    "lib/pages/charts",
    "lib/pages/components",
  ],
  "lib/pages/markets": [
    "lib/chart/page_names.ts",
    "lib/chart/model",
    "lib/chart/svg",
    "lib/core",
    "lib/http",
    "lib/marketcap",
    "lib/pages/components",
    "lib/ports",
  ],
  "lib/pages/status": [
    "lib/chart/page_names.ts",
    "lib/core",
    "lib/event_loop.ts",
    "lib/http",
    "lib/pages/components",
    "lib/ports",
  ],
  "lib/pages/docs": ["lib/openapi", "lib/pages/components"],
  "lib/pages/universe": ["lib/core", "lib/http", "lib/pages/components", "lib/pages/status"],
  "lib/launch": [
    "lib/config.ts",
    "lib/server",
    "lib/store/cluster",
    "lib/store/postgres",
  ],
  "lib/app.ts": ["lib/http", "lib/pages/charts", "lib/pages/shell"],
  "lib/cli": [
    "lib/collector",
    "lib/composition",
    "lib/config.ts",
    "lib/core",
    "lib/export",
    "lib/http",
    "lib/lake",
    "lib/ports",
  ],
  "lib/composition": [
    "lib/binance",
    "lib/candle_files",
    "lib/clock.ts",
    "lib/collector",
    "lib/config.ts",
    "lib/core",
    "lib/http",
    "lib/live",
    "lib/marketcap",
    "lib/ports",
    "lib/store/cluster",
    "lib/store/kv",
    "lib/store/postgres",
    "lib/telemetry",
  ],
  "islands": [
    "lib/chart/page_names.ts",
    "lib/chart/model",
    "lib/chart/plotly",
    "lib/chart/session",
    "lib/core",
    "lib/pages/charts",
    "lib/pages/components",
    "lib/pages/markets",
    "lib/pages/shell",
  ],
  "routes": [
    "lib/chart/page_names.ts",
    "islands",
    "lib/binance_api",
    "lib/chart/model",
    "lib/core",
    "lib/event_loop.ts",
    "lib/export",
    "lib/http",
    "lib/marketcap",
    "lib/openapi",
    "lib/pages/charts",
    "lib/pages/charts/layout",
    "lib/pages/components",
    "lib/pages/docs",
    "lib/pages/markets",
    "lib/pages/shell",
    "lib/pages/status",
    "lib/pages/universe",
    "lib/ports",
  ],
  "packages/fresh": [],
  "packages/simulator": ["lib/core"],
  "main.ts": [
    "fresh.config.ts",
    "lib/app.ts",
    "lib/build",
    "lib/cli",
    "lib/composition",
    "lib/config.ts",
    "lib/core",
    "lib/env_file.ts",
    "lib/log.ts",
    "lib/pg_service.ts",
    "lib/server",
  ],
  "dev.ts": ["fresh.config.ts", "lib/build", "lib/log.ts", "lib/server", "main.ts"],
  "serve.ts": ["lib/log.ts", "lib/server", "main.ts"],
  "deploy.ts": ["lib/build", "lib/log.ts"],
  "demo.ts": [
    "lib/build",
    "lib/config.ts",
    "lib/core",
    "lib/env_file.ts",
    "lib/launch",
    "lib/log.ts",
  ],
  "launch.ts": [
    "lib/build",
    "lib/config.ts",
    "lib/core",
    "lib/env_file.ts",
    "lib/launch",
    "lib/log.ts",
    "lib/pg_service.ts",
  ],
  "install.ts": ["lib/build"],
  "fresh.config.ts": [],
};

/** Folders of lib whose sub-folders are parts. */
const DIVIDED: readonly string[] = ["chart", "pages", "store"];

/** Tests and benchmarks may import anything, as may folders called testing. */
const TEST = /(_test\.tsx?|^(lib\/testing|packages\/\w+\/testing|bench|tests)\/.*)$/;

const PACKAGE_LIST = /^lib\/build\/run_packages\.ts$/;

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function listFiles(folder: string): string[] {
  return [...Deno.readDirSync(join(root, folder))].flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory) {
      return /node_modules|_fresh|^\.|testdata/.test(entry.name) ? [] : listFiles(path);
    }
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const files = listFiles("");
const sources = new Map(files.map((file) => [file, Deno.readTextFileSync(join(root, file))]));

const imports: Import[] = [...sources].flatMap(([file, text]) =>
  [...text.matchAll(/(?:from\s+|import\s*\(\s*|^import\s+)"([^"]+)"/gm)]
    .map((match) => ({ file, specifier: match[1]! }))
);

/** Folders whose files place islands on a page and import from the parent folder. */
const LAYOUT = "lib/pages/charts/layout";

function partOf(file: string): string {
  if (file.startsWith(`${LAYOUT}/`)) return LAYOUT;
  const [first, second, third] = file.split("/");
  if (first === "packages") return `packages/${second}`;
  if (first !== "lib") return first!;
  return DIVIDED.includes(second!) ? `lib/${second}/${third}` : `lib/${second}`;
}

const target = ({ file, specifier }: Import) =>
  relative(root, resolve(root, dirname(file), specifier));

const isProduct = ({ file }: { file: string }) => !TEST.test(file);

Deno.test("imports point one way: every part imports only what the table allows", () => {
  const wrong = imports.filter(isProduct).filter(({ specifier }) => specifier.startsWith("."))
    .filter((one) => {
      const [from, to] = [partOf(one.file), partOf(target(one))];
      return from !== to && to !== "_fresh" && !ALLOWED[from]?.includes(to);
    });
  assert.deepEqual(wrong, []);
});

Deno.test("the table lists every part", () => {
  const parts = new Set(files.filter((file) => !TEST.test(file)).map(partOf));
  assert.deepEqual([...parts].filter((part) => !(part in ALLOWED)), []);
});

/** Circles that other changes are about to break. Shrink only. */
const CIRCLES: readonly string[] = [];

/** Groups of files of which each imports, directly or not, every other (Tarjan's algorithm). */
function findCircles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle.toSorted().join(" "));
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}

/** Files and what they import, types included. */
function importGraph(): Map<string, Set<string>> {
  const graph = new Map(files.map((file) => [file, new Set<string>()]));
  for (const one of imports.filter(({ specifier }) => specifier.startsWith("."))) {
    if (graph.has(target(one))) graph.get(one.file)!.add(target(one));
  }
  return graph;
}

Deno.test("no file imports itself through others, in the app, its packages and benchmarks", () => {
  assert.deepEqual(findCircles(importGraph()), CIRCLES);
});

Deno.test("findCircles() finds circles of two and three, and ignores chains", () => {
  const graph = (edges: Record<string, string[]>) =>
    new Map(Object.entries(edges).map(([file, next]) => [file, new Set(next)]));
  assert.deepEqual(findCircles(graph({ a: ["b"], b: ["a", "c"], c: [] })), ["a b"]);
  assert.deepEqual(findCircles(graph({ a: ["b"], b: ["c"], c: ["a"], d: ["a"] })), ["a b c"]);
  assert.deepEqual(findCircles(graph({ a: ["b", "c"], b: ["c"], c: [] })), []);
});

Deno.test("a file whose name begins with _ is imported inside its folder only", () => {
  const wrong = imports.filter(({ specifier }) => specifier.startsWith("."))
    .filter((one) => /(^|\/)_[^/]*\.tsx?$/.test(target(one)) && !target(one).startsWith("_fresh"))
    .filter((one) => dirname(target(one)) !== dirname(one.file));
  assert.deepEqual(wrong, []);
});

Deno.test("only deno.json names packages", () => {
  const wrong = imports.filter(({ specifier }) => /^(npm|jsr|https?):/.test(specifier));
  assert.deepEqual(wrong, []);
});

Deno.test("the product imports no test package, and only test packages are left out of an install", () => {
  const { imports: packages } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  const product = [...sources].filter(([file]) => isProduct({ file }) && !PACKAGE_LIST.test(file))
    .map(([, text]) => text.replaceAll(/^\s*\/\/ @ts-types=.*$/gm, "")).join("\n");
  // Some are resolved rather than imported, to read one of their files.
  const isUsed = (name: string) => new RegExp(`"${RegExp.escape(name)}["/]`).test(product);
  const unused = Object.keys(packages).filter((name) => !isUsed(name));
  assert.deepEqual(unused.toSorted(), TEST_PACKAGES.toSorted());
});

Deno.test("the simulator's deno.json names the packages that it imports, in the app's versions", () => {
  const read = (path: string): { imports: Record<string, string> } =>
    JSON.parse(Deno.readTextFileSync(join(root, path)));
  const used = imports.filter(isProduct).filter(({ file }) =>
    file.startsWith("packages/simulator/")
  ).map(({ specifier }) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0])
    .filter((name) => !name.startsWith(".") && !name.startsWith("node:"));
  const app = read("deno.json").imports;
  const expected = [...new Set(used)].toSorted().map((name) => [name, app[name]]);
  assert.deepEqual(
    Object.entries(read("packages/simulator/deno.json").imports),
    expected,
  );
});

Deno.test("only lib/env_file.ts reads the environment", () => {
  const readers = [...sources].filter(([, text]) => /\bDeno\.env\b|process\.env/.test(text))
    .map(([file]) => file).filter((file) =>
      !TEST.test(file) && !file.startsWith("packages/fresh/")
    );
  assert.deepEqual(readers, ["lib/env_file.ts"]);
});

Deno.test("only lib/log.ts uses the console", () => {
  const writers = [...sources].filter(([, text]) => /(?<!")\bconsole\.\w+\(/.test(text))
    .map(([file]) => file)
    .filter((file) => !TEST.test(file) && !/^packages\/(fresh|simulator)\//.test(file));
  assert.deepEqual(writers, ["lib/log.ts"]);
});
