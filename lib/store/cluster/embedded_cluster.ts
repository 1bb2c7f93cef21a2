import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError, describeError } from "../../core/errors.ts";
import type { Logger } from "../../ports/host.ts";
import { makeDataFolder } from "./data_folder.ts";
import {
  findPlace,
  freePort,
  lastLine,
  type Place,
  PROGRAM_ENV,
  runProgram,
  runProgramSync,
} from "./embedded_place.ts";
import { lastPort, runningPort, untilOrphansEnded, untilStopped } from "./postmaster.ts";
import { createSharedUse, type SharedUse } from "./process_lock.ts";

/** The embedded PostgreSQL server, shared by all wick processes with the same data folder. */
export interface Cluster {
  /** Connection string of the database `wick`. */
  readonly url: string;
  /** Folder of its data. */
  readonly folder: string;
  /**
   * Starts the server again if it died; cheap otherwise. Concurrent calls, also of other processes,
   * start it once. `url` may change.
   * @throws `store_unavailable`
   */
  revive(): Promise<void>;
  /** Releases the server; the last process stops it. */
  release(): Promise<void>;
}

/** For a process that exits while its cluster is being opened, or without closing it. */
export interface ClusterControl {
  /** Makes opening fail instead of creating a new cluster. */
  cancel(): void;
  /** Asks the server to stop, without waiting, unless another process uses it. */
  abandon(): void;
}

const DATABASE = "wick";
const START_ATTEMPTS = 5;

/**
 * Opens the cluster under `dataDir`: created on first use, shared when another process runs it,
 * recovered after a kill. Listens on 127.0.0.1 only; the password is in
 * `dataDir/postgres.password`. `onOpening` is called before slow steps begin.
 *
 * @throws `store_unavailable` with the server's own message
 */
export async function openCluster(
  dataDir: string,
  log: Logger,
  onOpening: (control: ClusterControl) => void = () => {},
): Promise<Cluster> {
  await makeDataFolder(dataDir);
  const root = await Deno.realPath(dataDir);
  const place = await findPlace(root, log);
  let password = "";
  let port: number | undefined;
  let reviving: Promise<void> | undefined;
  const start = async () => {
    port = await startServer(place, { password, log, signal: opening.signal, port });
  };
  const use = usersOf(root);
  const opening = new AbortController();
  onOpening({
    cancel: () => opening.abort(),
    abandon: () => use.abandon(() => requestStop(place)),
  });
  password = await readPassword(root);
  await use.join(start);
  return {
    folder: place.data,
    get url() {
      return `postgresql://wick:${password}@127.0.0.1:${port}/${DATABASE}`;
    },
    revive() {
      reviving ??= use.alone(start).catch(toReason).finally(() => reviving = undefined);
      return reviving;
    },
    release: () => use.release(() => stopServer(place, log)),
  };
}

/** The processes that use the cluster under `root`. */
function usersOf(root: string): SharedUse {
  return createSharedUse(join(root, "postgres.users"));
}

/** The password of the account `wick`; created on first use. All processes get the same one. */
export function readPassword(root: string): Promise<string> {
  return usersOf(root).alone(async () => {
    const path = join(root, "postgres.password");
    const known = await Deno.readTextFile(path).catch(() => "");
    if (known) return known; // a killed process leaves an empty file
    const password = crypto.randomUUID().replaceAll("-", "");
    const half = `${path}.part`;
    await Deno.remove(half).catch(() => {});
    await Deno.writeTextFile(half, password, { createNew: true, mode: 0o600 });
    await Deno.rename(half, path);
    return password;
  });
}

/** Folder in which an upgrade creates the new cluster. */
export function nextData({ data }: Place): string {
  return `${data}.next`;
}

/** Creates and starts missing parts, and returns the server's port. */
async function startServer(
  place: Place,
  { password, log, port, signal }: {
    readonly password: string;
    readonly log: Logger;
    /** The preferred port; default the last one used. */
    readonly port: number | undefined;
    /** Aborts the creation of a new cluster. */
    readonly signal?: AbortSignal;
  },
): Promise<number> {
  await untilStopped(place);
  const running = await runningPort(place);
  if (running !== undefined) return running;
  const version = await Deno.readTextFile(join(place.data, "PG_VERSION")).catch(() => undefined);
  if (version === undefined && await Deno.stat(nextData(place)).then(() => true, () => false)) {
    throw new AppError(
      "store_unavailable",
      `Cannot open ${place.data}: an upgrade ended at its last step; rename ${
        nextData(place)
      } to it`,
    );
  }
  if (version === undefined) await initialise(place, password, log, signal);
  else if (version.trim() !== place.major) {
    throw new AppError(
      "store_unavailable",
      `Cannot open ${place.data} with PostgreSQL ${place.major}: it was created by PostgreSQL ` +
        `${version.trim()}; nothing was changed. \`deno task upgrade\` migrates it`,
    );
  }
  await untilOrphansEnded(place);
  return await startOnFreePort(place, port ?? await lastPort(place));
}

/** Starts the server, on the port `wanted` unless it is taken, and returns its port. */
export async function startOnFreePort(place: Place, wanted?: number): Promise<number> {
  for (let attempt = 1;; attempt++) {
    // Other processes know the last port, so it is tried twice.
    const port = attempt < 3 && wanted !== undefined ? wanted : freePort();
    const { success, text } = await runProgram(place, "pg_ctl", [
      "start",
      "-w",
      "-t",
      "300",
      "-s",
      "-D",
      place.data,
      "-l",
      join(place.data, "server.log"),
      "-o",
      `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`,
    ]);
    if (success) return port;
    if (attempt < START_ATTEMPTS && !text.includes("could not access directory")) continue;
    throw new AppError(
      "store_unavailable",
      `Cannot start PostgreSQL: ${await reason(place, text)}`,
    );
  }
}

/** Creates a cluster with the database `wick`, completely or not at all. */
export async function initialise(
  place: Place,
  password: string,
  log: Logger,
  signal?: AbortSignal,
): Promise<void> {
  log.info(`Creating a PostgreSQL ${place.major} cluster in ${place.data}`);
  const fresh = `${place.data}.new`;
  await Deno.remove(fresh, { recursive: true }).catch(() => {});
  await Deno.mkdir(fresh, { recursive: true, mode: 0o700 });
  if (place.account) await Deno.chown(fresh, place.account.uid, place.account.gid);
  // No password file: one would outlive a kill. The password is set below, before any server
  // listens.
  const { success, text } = await runProgram(place, "initdb", [
    "-D",
    fresh,
    "-U",
    DATABASE,
    "--auth",
    "trust",
    "--encoding",
    "UTF8",
    "--locale-provider",
    "builtin",
    "--locale",
    "C.UTF-8",
    "--no-instructions",
  ], signal ? { signal } : {});
  if (signal?.aborted) {
    throw new AppError("store_unavailable", "Cannot create a cluster: shutting down");
  }
  if (!success) {
    throw new AppError("store_unavailable", `Cannot create a cluster: ${lastLine(text)}`);
  }
  await Deno.writeTextFile(join(fresh, "pg_hba.conf"), ACCESS);
  await Deno.writeTextFile(join(fresh, "postgresql.auto.conf"), SETTINGS, { append: true });
  await createDatabase(place, fresh, password);
  await Deno.rename(fresh, place.data);
}

/** Allows connections with the password, from this machine. */
const ACCESS = ["local", "host"].flatMap((kind) =>
  ["all", "replication"].flatMap((database) =>
    (kind === "local" ? [""] : ["127.0.0.1/32", "::1/128"])
      .map((address) => `${kind} ${database} all ${address} scram-sha-256\n`)
  )
).join("");

/** Loading history writes gigabytes of log in minutes: few large checkpoints are cheaper. */
const SETTINGS = [
  "timezone = 'UTC'",
  "log_timezone = 'UTC'",
  "max_wal_size = '4GB'",
  "wal_compression = on",
  "shared_buffers = '256MB'",
  "max_connections = 60",
  "",
].join("\n");

/** In single-user mode: nothing listens, and the password is on no command line and in no file. */
async function createDatabase(place: Place, data: string, password: string): Promise<void> {
  const child = new Deno.Command(join(place.binaries, "bin", "postgres"), {
    args: ["--single", "-j", "-D", data, "postgres"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
    cwd: dirname(data),
    clearEnv: true,
    env: PROGRAM_ENV,
    ...place.account,
  }).spawn();
  const commands = [
    `alter role ${DATABASE} password '${password.replaceAll("'", "''")}';`,
    `create database ${DATABASE};`,
  ];
  const writer = child.stdin.getWriter();
  for (const sql of commands) await writer.write(new TextEncoder().encode(`${sql}\n\n`));
  await writer.close();
  const { success, stderr } = await child.output();
  const text = new TextDecoder().decode(stderr).trim();
  const failure = text.split("\n").find((line) => /\b(ERROR|FATAL|PANIC):/.test(line));
  if (success && failure === undefined) return;
  throw new AppError(
    "store_unavailable",
    `Cannot create the database: ${failure ?? lastLine(text)}`,
  );
}

export async function stopServer(place: Place, log: Logger): Promise<void> {
  const { success, text } = await runProgram(place, "pg_ctl", [
    "stop",
    "-D",
    place.data,
    "-m",
    "fast",
    "-w",
    "-t",
    "60",
    "-s",
  ]);
  if (!success) log.warn(`Cannot stop PostgreSQL: ${lastLine(text)}`);
}

/** Asks the server to stop; a server that has just been started may not have its pid file yet. */
function requestStop(place: Place): void {
  const hasPidFile = () => existsSync(join(place.data, "postmaster.pid"));
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < 10 && !hasPidFile(); attempt++) Atomics.wait(sleeper, 0, 0, 20);
  if (!hasPidFile()) return;
  runProgramSync(place, "pg_ctl", ["stop", "-D", place.data, "-m", "fast", "-W", "-s"]);
}

/** A failed restart is an expected failure of the request that needed it. */
function toReason(error: unknown): never {
  if (error instanceof AppError) throw error;
  const message = `Cannot start PostgreSQL again: ${describeError(error)}`;
  throw new AppError("store_unavailable", message, { cause: error, retryAfterMs: 5_000 });
}

async function reason(place: Place, text: string): Promise<string> {
  const log = await Deno.readTextFile(join(place.data, "server.log")).catch(() => "");
  const fatal = log.trimEnd().split("\n").slice(-20).filter((line) => /FATAL|PANIC/.test(line));
  return fatal.at(-1) ?? lastLine(text);
}
