import { join } from "node:path";
import { outputOf } from "./_command.ts";
import { type Place, runProgram } from "./embedded_place.ts";

const ORPHAN_WAIT_MS = 10_000;
/** A stopping server writes a checkpoint first. */
const STOPPING_WAIT_MS = 60_000;

/** Waits for a server that its last user asked to stop without waiting. */
export async function untilStopped(place: Place): Promise<void> {
  const deadline = Date.now() + STOPPING_WAIT_MS;
  while (Date.now() < deadline) {
    const [pid, ...lines] = await readPidFile(place);
    if (lines[6]?.trim() !== "stopping" || await isZombie(Number(pid))) return;
    const { success } = await runProgram(place, "pg_ctl", ["status", "-D", place.data]);
    if (!success) return;
    await pause();
  }
}

function pidFileOf({ data }: Place): string {
  return join(data, "postmaster.pid");
}

async function readPidFile(place: Place): Promise<string[]> {
  return (await Deno.readTextFile(pidFileOf(place)).catch(() => "")).split("\n");
}

/** The port of a live server on this data folder, from its own pid file. */
export async function runningPort(place: Place): Promise<number | undefined> {
  const lines = await readPidFile(place);
  const pid = Number(lines[0]);
  if (!(pid > 0)) return undefined;
  if (await isZombie(pid)) {
    await forgetZombie(place, lines[0]!);
    return undefined;
  }
  const { success } = await runProgram(place, "pg_ctl", ["status", "-D", place.data]);
  return success ? Number(lines[3]) : undefined;
}

/** Removes the pid file of a dead server, once its orphaned processes have left the data folder. */
async function forgetZombie(place: Place, pid: string): Promise<void> {
  await untilOrphansEnded(place);
  if (await hasProcesses(place.data) || (await readPidFile(place))[0] !== pid) return;
  await Deno.remove(pidFileOf(place)).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/**
 * Waits for the remaining processes of a killed server, which prevent a new one from starting. All
 * of them have its data folder as working directory.
 */
export async function untilOrphansEnded(place: Place): Promise<void> {
  if ((await readPidFile(place))[0] === "") return; // the last server shut down cleanly
  const deadline = Date.now() + ORPHAN_WAIT_MS;
  while (await hasProcesses(place.data) && Date.now() < deadline) await pause();
}

/** The server's last port; `undefined` before the first start. */
export async function lastPort({ data }: Place): Promise<number | undefined> {
  const options = await Deno.readTextFile(join(data, "postmaster.opts")).catch(() => "");
  const port = Number(/port=(\d+)/.exec(options)?.[1]);
  return port > 0 ? port : undefined;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

// The shell reads /proc, because Deno permits that only with --allow-all. pg_ctl needs a shell,
// too.

/** True if a process was killed and is not yet reaped, which may never happen in a container. */
async function isZombie(pid: number): Promise<boolean> {
  const stat = await runScript('cat "/proc/$0/stat"', String(pid));
  return stat.split(") ").at(-1)!.startsWith("Z");
}

/** True if any process of PostgreSQL has `folder` as its working directory. */
async function hasProcesses(folder: string): Promise<boolean> {
  const found = await runScript(
    'for cwd in /proc/[0-9]*/cwd; do [ "$(readlink "$cwd")" = "$0" ] && ' +
      '[ "$(cat "${cwd%cwd}comm")" = postgres ] && echo found && break; done',
    folder,
  );
  return found === "found";
}

/** Output of a script; empty where there is no `/proc` or no shell. */
async function runScript(script: string, argument: string): Promise<string> {
  const command = ["-c", `exec 2>/dev/null; ${script}`, argument];
  const { text } = await outputOf("/bin/sh", command).catch(() => ({ text: "" }));
  return text;
}
