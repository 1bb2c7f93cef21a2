import { join } from "node:path";
import { openDatabase } from "../../store/postgres/connection/database.ts";
import { findPlace, freePort, runProgram } from "../../store/cluster/embedded_place.ts";
import { silent } from "./postgres.ts";
import { makeScratchFolder } from "../scratch_folder.ts";

/** A streaming replica of a whole PostgreSQL server, on the same machine. */
export interface Replica {
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes its files. */
  close(): Promise<void>;
}

/**
 * Copies the server behind `primaryUrl`, whose data folder is `data`, and streams from it
 * afterwards.
 */
export async function startReplica(primaryUrl: string, data: string): Promise<Replica> {
  const root = await makeScratchFolder("wick-replica-");
  const place = { ...await findPlace(root, silent), data: join(root, "postgres") };
  await copyServer(primaryUrl, data, place.data);
  const { username, password, hostname, port } = new URL(primaryUrl);
  const conninfo = `host=${hostname} port=${port} user=${username} password=${password}`;
  await Deno.writeTextFile(
    join(place.data, "postgresql.auto.conf"),
    `primary_conninfo = '${conninfo}'\nshared_buffers = '32MB'\n`,
    { append: true },
  );
  await Deno.writeTextFile(join(place.data, "standby.signal"), "");
  if (place.account) await handOver(place.data, place.account);

  const own = freePort();
  const control = async (...args: string[]) => {
    const { success, text } = await runProgram(place, "pg_ctl", [...args, "-D", place.data]);
    if (!success) throw new Error(text);
  };
  const url = new URL(primaryUrl);
  url.port = String(own);
  const options = `-c port=${own} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  const start = () =>
    control("start", "-w", "-t", "120", "-s", "-l", join(place.data, "server.log"), "-o", options);
  const stop = () => control("stop", "-w", "-t", "60", "-s", "-m", "fast");
  await start();
  return {
    url: url.href,
    start,
    stop,
    async close() {
      await stop().catch(() => {}); // a test may have stopped it
      await Deno.remove(root, { recursive: true });
    },
  };
}

/** A base backup: the log that makes it consistent is copied last. */
async function copyServer(url: string, from: string, to: string): Promise<void> {
  const db = openDatabase({ url, log: silent, idleTimeoutMs: 0 });
  const loan = await db.lend();
  await loan.query("select pg_backup_start('replica', true)");
  await copyTree(from, to, (name) => name !== "pg_wal" && !/^postmaster\.|^server\.log/.test(name));
  const [end] = await loan.query<{ labelfile: string }>(
    "select labelfile from pg_backup_stop(false)",
  );
  loan.release({ isBroken: false });
  await db.close();
  await copyTree(join(from, "pg_wal"), join(to, "pg_wal"), () => true);
  await Deno.writeTextFile(join(to, "backup_label"), end!.labelfile);
}

async function copyTree(from: string, to: string, wanted: (name: string) => boolean) {
  await Deno.mkdir(to, { recursive: true, mode: 0o700 });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (!wanted(name)) continue;
    const [source, target] = [join(from, name), join(to, name)];
    const copy = isDirectory ? copyTree(source, target, wanted) : Deno.copyFile(source, target);
    await copy.catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // already removed
    });
  }
}

async function handOver(path: string, owner: { uid: number; gid: number }): Promise<void> {
  await Deno.chown(path, owner.uid, owner.gid);
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (isDirectory) await handOver(join(path, name), owner);
    else await Deno.chown(join(path, name), owner.uid, owner.gid);
  }
}
