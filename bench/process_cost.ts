/** Clock ticks per second on all relevant Linux machines. */
const TICKS_PER_SECOND = 100;
const MS_PER_TICK = 1_000 / TICKS_PER_SECOND;

/**
 * The fields of `/proc/PID/stat` after the name, which may contain any character; proc(5) numbers
 * them from 3.
 */
function statOf(pid: number): number[] {
  const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ").map(Number);
}

/** CPU time of a process, including all threads. */
export function processCpuMs(pid: number): number {
  const fields = statOf(pid);
  return (fields[11]! + fields[12]!) * MS_PER_TICK;
}

/** CPU time of a PostgreSQL server: its current and ended processes. */
export async function clusterCpuMs(pidFile: string): Promise<number> {
  const postmaster = Number((await Deno.readTextFile(pidFile)).split("\n")[0]);
  const own = statOf(postmaster);
  let ticks = own[11]! + own[12]! + own[13]! + own[14]!;
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = statOf(Number(name));
      if (fields[1] === postmaster) ticks += fields[11]! + fields[12]!;
    } catch {
      continue; // it has just ended
    }
  }
  return ticks * MS_PER_TICK;
}

export function residentMiB(pid: number): number {
  const text = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / 1024;
}
