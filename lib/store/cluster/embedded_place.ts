import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { Logger } from "../../ports/host.ts";
import { outputOf } from "./_command.ts";
import { type Account, accountOf, canReach, findAccount } from "./embedded_account.ts";
import { copyBinaries, findBinaries, linkLibraries } from "./embedded_binaries.ts";

/** Paths of data and programs, and the account that runs them. */
export interface Place {
  readonly binaries: string;
  readonly major: string;
  readonly data: string;
  readonly account: Account;
}

/** Folder for files that the account running PostgreSQL cannot reach in the data folder. */
export const SHELTER = "/var/lib/wick";

/**
 * Finds the existing cluster in the data folder or the shelter, even if a new one would be created
 * elsewhere today; otherwise chooses a place for a new one. As root, PostgreSQL runs as the owner
 * of the cluster, or as `postgres`.
 * @throws `store_unavailable` when a cluster exists and cannot be used
 */
export async function findPlace(root: string, log: Logger): Promise<Place> {
  const inShelter = join(SHELTER, createHash("sha256").update(root).digest("hex").slice(0, 12));
  const folders = [join(root, "postgres"), join(inShelter, "postgres")];
  const found: string[] = [];
  for (const folder of folders) if (await isCluster(folder)) found.push(folder);
  const { root: packaged, major } = findBinaries();
  // a read-only install that needs links fails below with a message
  await linkLibraries(packaged).catch(() => {});
  const standard = await findAccount();
  const isOpen = await canReach(standard, root);
  const [usual, other] = isOpen ? folders : folders.toReversed();
  const data = found.length === 1 ? found[0]! : usual!;
  if (found.length === 2) {
    log.warn(`Using the database in ${usual}; another one is in ${other}: move one of them away`);
  }
  const account = found.length === 0 ? standard : await accountOf(data, standard);
  if (found.length > 0) await requireReach(data, major, account);
  const isSheltered = dirname(data) === inShelter && found.length === 0;
  if (isSheltered) await Deno.mkdir(inShelter, { recursive: true, mode: 0o755 });
  const binaries = await placeBinaries(packaged, join(SHELTER, `postgresql-${major}`), account);
  if (isSheltered) { // only now: a failed start is repeated
    log.info(`The account that runs PostgreSQL cannot reach ${root}: its files are in ${data}`);
  }
  return { binaries, major, data, account };
}

/** The remains of an interrupted upgrade count as a cluster. */
async function isCluster(folder: string): Promise<boolean> {
  for (const path of [folder, `${folder}.next`]) {
    if (await Deno.lstat(path).then(() => true, (error) => isClosed(error))) return true;
  }
  return false;
}

/** A folder without read permission does not count as empty. */
function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable;
}

/**
 * @throws `store_unavailable` when the files exist, but this process or the server cannot read them
 */
async function requireReach(data: string, major: string, account: Account): Promise<void> {
  const version = await Deno.readTextFile(join(data, "PG_VERSION")).catch((error) => {
    if (isClosed(error)) {
      throw new AppError("store_unavailable", closedData(data), { cause: error });
    }
    return undefined;
  });
  // Other contents than a cluster of this version are rejected later.
  if (version?.trim() !== major || await canReach(account, data)) return;
  throw new AppError(
    "store_unavailable",
    `Cannot open the database in ${data}: the account that runs PostgreSQL (uid ${account?.uid}) ` +
      "cannot reach that folder. Allow it to enter the folders above (chmod o+x), or move DATA_DIR " +
      "to a folder that it can reach; nothing was changed",
  );
}

function closedData(data: string): string {
  return `Cannot open the database in ${data}: it belongs to another account. Run wick as root or ` +
    "as the account that created it, or choose another DATA_DIR; nothing was changed";
}

/** The programs where `account` can run them: in the package, or a copy. */
async function placeBinaries(packaged: string, copy: string, account: Account): Promise<string> {
  if (await canReach(account, packaged)) return packaged;
  await Deno.mkdir(dirname(copy), { recursive: true, mode: 0o755 });
  await copyBinaries(packaged, copy);
  return copy;
}

/** Runs a PostgreSQL program as the account that owns its data. */
export function runProgram(
  place: Place,
  program: string,
  args: string[],
  options: Pick<Deno.CommandOptions, "signal"> = {},
) {
  return outputOf(join(place.binaries, "bin", program), args, {
    ...programOptions(place),
    ...options,
  });
}

/** As `runProgram`, for a process that is about to exit; returns whether the program succeeded. */
export function runProgramSync(place: Place, program: string, args: string[]): boolean {
  return new Deno.Command(join(place.binaries, "bin", program), {
    args,
    stdin: "null",
    ...programOptions(place),
  }).outputSync().success;
}

function programOptions({ account, data }: Place) {
  return { ...account, cwd: dirname(data), clearEnv: true, env: PROGRAM_ENV };
}

/**
 * The complete environment of PostgreSQL's programs. The server would read `PGPORT`, `PGDATESTYLE`
 * and the locale from the environment, and all variables, including API keys, would be readable by
 * the account that runs it.
 */
export const PROGRAM_ENV: Readonly<Record<string, string>> = Deno.build.os === "windows"
  ? { LC_ALL: "C", SystemRoot: "C:\\Windows", PATH: "C:\\Windows\\System32" }
  : { LC_ALL: "C", PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" };

export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "no reason given";
}
