import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { printError } from "../log.ts";

/** A program that tests or benchmarks run, and the Debian packages that contain it. */
export interface Program {
  readonly name: string;
  /** Names on PATH and absolute paths: the first working one is used. */
  readonly commands: readonly string[];
  /** Arguments with which a usable program exits with 0; without them, its existence suffices. */
  readonly probe?: readonly string[];
  readonly packages: readonly string[];
}

/** The headless shell takes a fifth of the CPU for each new page: it draws no window around it. */
export const CHROMIUM: Program = {
  name: "Chromium",
  commands: [
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ],
  probe: ["--version"],
  packages: ["chromium-headless-shell"],
};
export const FIREFOX: Program = {
  name: "Firefox",
  commands: [
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
  ],
  probe: ["--version"],
  packages: ["firefox-esr"],
};
export const CURL: Program = {
  name: "curl",
  commands: ["curl"],
  probe: ["--version"],
  packages: ["curl"],
};
export const BASH: Program = {
  name: "bash",
  commands: ["bash"],
  probe: ["--version"],
  packages: ["bash"],
};
export const PYTHON: Program = {
  name: "Python",
  commands: ["python3", "python"],
  probe: ["-c", "import sys; assert sys.version_info.major == 3"],
  packages: ["python3"],
};
/** PostgreSQL's client: scripts use its commands. */
export const PSQL: Program = {
  name: "psql",
  commands: ["psql"],
  probe: ["--version"],
  packages: ["postgresql-client"],
};
/** Debian's package is for /usr/bin/python3; another Python may come first on PATH. */
export const PANDAS: Program = {
  name: "Python with pandas",
  commands: ["python3", "python", "/usr/bin/python3"],
  // the folder of a removed package can still be imported
  probe: ["-c", "from pandas import read_csv"],
  packages: ["python3-pandas"],
};
export const R: Program = {
  name: "R",
  commands: ["Rscript"],
  probe: ["--version"],
  packages: ["r-base-core"],
};

/** Debian keeps it in a folder that is not on every user's PATH. */
export const PGBOUNCER: Program = {
  name: "PgBouncer",
  commands: ["pgbouncer", "/usr/sbin/pgbouncer"],
  probe: ["--version"],
  packages: ["pgbouncer"],
};

/** Programs that the tests use. */
export const TEST_PROGRAMS: readonly Program[] = [
  CHROMIUM,
  FIREFOX,
  CURL,
  BASH,
  PSQL,
  PYTHON,
  PANDAS,
  R,
  PGBOUNCER,
];

const found = new Map<Program, string>();

/** The path of a program; `undefined` if it is missing or does not run. */
export function findProgram(program: Program): string | undefined {
  const known = found.get(program);
  if (known !== undefined) return known;
  const path = program.commands.flatMap(pathsOf).find((one) => works(one, program.probe));
  if (path !== undefined) found.set(program, path);
  return path;
}

/** Possible locations of a command: itself if it is a path, otherwise each folder of PATH. */
function pathsOf(command: string): string[] {
  const paths = isAbsolute(command)
    ? [command]
    : (Deno.env.get("PATH") ?? "").split(delimiter).map((folder) => join(folder, command));
  return paths.filter((path) => existsSync(path));
}

function works(command: string, args: readonly string[] | undefined): boolean {
  if (args === undefined) return true;
  try {
    return new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch {
    return false; // missing, or not executable for this user
  }
}

/** Describes missing programs and how to install them; `undefined` if there are none. */
export function describeMissing(programs: readonly Program[]): string | undefined {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name }) => name).join(" and ");
  const packages = missing.flatMap((program) => program.packages).join(" ");
  const verb = missing.length > 1 ? "are" : "is";
  return `${names} ${verb} not installed; on Debian: apt-get install ${packages}`;
}

/** Installs missing programs as root on Debian and derivatives. */
export async function installPrograms(programs: readonly Program[]): Promise<void> {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0 || Deno.build.os !== "linux" || Deno.uid() !== 0) return;
  if (!pathsOf("apt-get").some((path) => works(path, ["--version"]))) return;
  const packages = missing.flatMap((program) => program.packages);
  printError(`Installing what the tests need: ${packages.join(" ")}`);
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    const { success, stderr } = await new Deno.Command("apt-get", {
      args: ["-q", "-o", "DPkg::Lock::Timeout=120", ...args],
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) continue;
    const reason = new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "";
    printError(`Cannot install ${packages.join(" ")}: apt-get ${args[0]} failed: ${reason}`);
    return;
  }
}

/** Set if all tests must run: a skipped test is then a failure. */
export function mustRunAll(): boolean {
  return /^(1|true)$/i.test(Deno.env.get("CI") ?? "");
}

/** Separates the name of a skipped test from its reason; read by `test_report.ts`. */
export const SKIPPED = " — skipped: ";

type TestOptions = Pick<Deno.TestDefinition, "sanitizeOps" | "sanitizeResources">;

/** Defines a test that runs other programs. If one is missing, it is skipped with the reason. */
export function programTest(
  programs: readonly Program[],
  name: string,
  fn: () => Promise<void>,
  options: TestOptions = {},
): void {
  testUnless(describeMissing(programs), name, fn, options);
}

/** Defines a test that is skipped if there is a reason, which it reports. */
export function testUnless(
  reason: string | undefined,
  name: string,
  fn: () => Promise<void>,
  options: TestOptions = {},
): void {
  Deno.test({
    ...options,
    name: reason === undefined ? name : `${name}${SKIPPED}${reason}`,
    ignore: reason !== undefined,
    fn,
  });
}

/** The path of a required program. */
export function getProgram(program: Program): string {
  const path = findProgram(program);
  if (path === undefined) throw new Error(describeMissing([program]));
  return path;
}
