import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../server_process.ts";

export interface TestArguments {
  /** Options for `deno test`. */
  readonly flags: readonly string[];
  readonly files: readonly string[];
}

/** Options of `deno test` whose value is the next argument. */
const VALUED = new Set(["--filter", "--seed"]);

const TEST_FILE = /(^|_|\.)test\.[jt]sx?$/;

/** Each of these takes seconds: they start first, each in a process. */
const LONG = new RegExp(
  `^(${
    [
      "tests/",
      ".*_browser_test\\.ts$",
      "bench/soak/soak_live",
      "main_test",
      "lib/cli/import_markets",
      "lib/collector/(jobs|sick_symbols|wrong_clock)_test",
      "routes/fuzz",
    ].join("|")
  })`,
);

const CHUNK = 6;

/** Separates options and test files; without files, all test files of the project. */
export function parseTestArguments(args: readonly string[]): TestArguments {
  const flags: string[] = [];
  const paths: string[] = [];
  args.forEach((arg, i) => {
    const isFlag = arg.startsWith("-") || VALUED.has(args[i - 1] ?? "");
    (isFlag ? flags : paths).push(arg);
  });
  return { flags, files: (paths.length > 0 ? paths : ["."]).flatMap(listTestFiles).toSorted() };
}

/** The test files at a path. A file given by name is returned even if it is missing. */
function listTestFiles(path: string): string[] {
  if (!existsSync(path) || !Deno.statSync(path).isDirectory) return [path];
  const { exclude, test } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  const patterns = [...exclude, ...test.exclude].map((glob: string) =>
    new RegExp(`^${glob.split("*").map((part) => RegExp.escape(part)).join("[^/]*")}(/|$)`)
  );
  const visit = (folder: string): string[] =>
    [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
      const child = join(folder, name);
      if (name.startsWith(".") || name === "node_modules") return [];
      if (patterns.some((pattern) => pattern.test(relative(root, join(Deno.cwd(), child))))) {
        return [];
      }
      if (isDirectory) return visit(child);
      return TEST_FILE.test(name) ? [child] : [];
    });
  return visit(path);
}

/**
 * Divides test files into chunks, long ones first so that the run does not end with them: those
 * named above, then by the length of their text.
 */
export function planTests(files: readonly string[]): string[][] {
  const lengthOf = new Map(files.map((file) => [file, existsSync(file) ? statSync(file).size : 0]));
  const short = files.filter((file) => !LONG.test(file))
    .toSorted((a, b) => lengthOf.get(b)! - lengthOf.get(a)!);
  return [
    ...files.filter((file) => LONG.test(file)).map((file) => [file]),
    ...Array.from(
      { length: Math.ceil(short.length / CHUNK) },
      (_, i) => short.slice(i * CHUNK, (i + 1) * CHUNK),
    ),
  ];
}
