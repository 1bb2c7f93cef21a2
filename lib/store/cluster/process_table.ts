import { outputOf } from "./_command.ts";

// Deno allows reading /proc with --allow-all only, so the shell reads it; pg_ctl needs a shell
// anyway.

/** Whether a process was killed and is not yet reaped, which may never happen in a container. */
export async function isZombie(pid: number): Promise<boolean> {
  const stat = await ask('cat "/proc/$0/stat"', String(pid));
  return stat.split(") ").at(-1)!.startsWith("Z");
}

/** Whether any process of PostgreSQL has `folder` as its working directory. */
export async function hasProcesses(folder: string): Promise<boolean> {
  const found = await ask(
    'for cwd in /proc/[0-9]*/cwd; do [ "$(readlink "$cwd")" = "$0" ] && ' +
      '[ "$(cat "${cwd%cwd}comm")" = postgres ] && echo found && break; done',
    folder,
  );
  return found === "found";
}

/** Empty without `/proc` or a shell. */
async function ask(script: string, argument: string): Promise<string> {
  const command = ["-c", `exec 2>/dev/null; ${script}`, argument];
  const { text } = await outputOf("/bin/sh", command).catch(() => ({ text: "" }));
  return text;
}
