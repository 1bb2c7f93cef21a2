import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Packages that only tests, benchmarks and type checks use. `lib/layers_test.ts` holds this list.
 */
export const TEST_PACKAGES: readonly string[] = [
  "@seriousme/openapi-schema-validator",
  "@types/d3-hierarchy",
  "@types/pg",
  "@types/ws",
  "ajv",
  "ajv-formats",
  "@fontsource/arimo",
  "@fontsource/dejavu-sans",
  "@fontsource/noto-sans",
  "axe-core",
  "dockerfile-utils",
  "fast-check",
  "playwright-core",
  "puppeteer-core",
  "yaml",
];

/** Says what to do in a checkout that this account cannot write to; `undefined` if it can. */
export function describeReadOnly(project: URL): string | undefined {
  const root = fileURLToPath(project);
  try {
    accessSync(root, constants.W_OK);
    return undefined;
  } catch {
    return `Cannot install packages in ${root}: this account cannot write there. Once its owner ` +
      "has run `deno task build`, start without installing: set DATA_DIR and run `deno run " +
      "--allow-env --allow-read --allow-run --allow-sys=uid launch.ts serve.ts`";
  }
}

interface Config {
  readonly imports: Readonly<Record<string, string>>;
}

interface Lock {
  readonly npm?: Readonly<Record<string, unknown>>;
  readonly jsr?: Readonly<Record<string, unknown>>;
}

/**
 * Installs the packages of `deno.json` except those of the tests, in the versions of `deno.lock`.
 * Deno installs everything that a lock file names, so this writes a reduced configuration and lock
 * file next to `deno.json` for the duration of the install. Resolves with the exit code.
 */
export async function installRunPackages(project: URL): Promise<number> {
  const root = fileURLToPath(project);
  const config: Config = JSON.parse(await Deno.readTextFile(new URL("deno.json", project)));
  // A checkout that has the packages of the tests keeps them: tests may be running.
  const isWhole = TEST_PACKAGES.some((name) => existsSync(join(root, "node_modules", name)));
  const locked = await Deno.readTextFile(new URL("deno.lock", project)).catch(() => undefined);
  if (isWhole || locked === undefined) return await installAll(project);

  const imports = Object.fromEntries(
    Object.entries(config.imports).filter(([name]) => !TEST_PACKAGES.includes(name)),
  );
  const name = { dir: root, prefix: ".install-" };
  const fewer = await Deno.makeTempFile({ ...name, suffix: ".json" });
  const lock = await Deno.makeTempFile({ ...name, suffix: ".lock" });
  try {
    await Deno.writeTextFile(fewer, JSON.stringify({ ...config, imports }));
    await Deno.writeTextFile(lock, locked);
    const code = await install(root, ["--config", fewer, "--lock", lock]);
    if (code !== 0) return code;
    if (isWithin(JSON.parse(await Deno.readTextFile(lock)), JSON.parse(locked))) return 0;
  } finally {
    await Promise.all([Deno.remove(fewer), Deno.remove(lock)]);
  }
  // deno.json names a package that deno.lock does not: this adds it.
  return await installAll(project);
}

/** Installs every package of `deno.json`. Resolves with the exit code. */
export function installAll(project: URL): Promise<number> {
  return install(fileURLToPath(project), []);
}

function isWithin(part: Lock, whole: Lock): boolean {
  const known = new Set(versionsIn(whole));
  return versionsIn(part).every((one) => known.has(one));
}

/** Names with versions, without the peers that Deno writes behind them. */
function versionsIn({ npm = {}, jsr = {} }: Lock): string[] {
  return [...Object.keys(npm), ...Object.keys(jsr)].map((key) => /^@?[^@]+@[^_]+/.exec(key)![0]);
}

async function install(cwd: string, flags: readonly string[]): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet", ...flags],
    cwd,
    stdout: "null",
  }).output();
  return code;
}
