/** Resident memory, as reported by Linux. */
export function residentMB(pid: number): number {
  const kB = /^VmRSS:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
  return Math.round(Number(kB) / 1024);
}

/** Open files of a process, and the number of sockets among them. */
export function openFiles(pid: number): { all: number; sockets: number } {
  const folder = `/proc/${pid}/fd`;
  const targets = Array.from(Deno.readDirSync(folder), ({ name }) => readTarget(folder, name));
  return {
    all: targets.length,
    sockets: targets.filter((target) => target.startsWith("socket:")).length,
  };
}

function readTarget(folder: string, name: string): string {
  try {
    return Deno.readLinkSync(`${folder}/${name}`);
  } catch {
    return ""; // closed since it was listed
  }
}
