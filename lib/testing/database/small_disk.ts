/** The reason why a disk of a given size cannot be mounted here; `undefined` if it can. */
export const needsMount = describeMount();

function describeMount(): string | undefined {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
    return "only root on Linux can mount a small disk";
  }
  const folder = Deno.makeTempDirSync();
  const args = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder];
  try {
    const { success } = new Deno.Command("mount", { args, stderr: "null" }).outputSync();
    if (success) new Deno.Command("umount", { args: [folder] }).outputSync();
    return success ? undefined : "this machine allows no mounts";
  } catch {
    return "the program mount is missing";
  } finally {
    Deno.removeSync(folder);
  }
}

/**
 * Mounts a disk of `megabytes`, and unmounts it afterwards. `fill` uses all its space with the file
 * `filling`; `remount` makes it read-only or writable.
 */
export async function withSmallDisk(
  megabytes: number,
  test: (
    folder: string,
    fill: () => Promise<void>,
    remount: (mode: "ro" | "rw") => Promise<void>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wick-disk-", dir: "/tmp" });
  const options = `size=${megabytes}m,mode=755`;
  await run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  try {
    await test(
      folder,
      () => fillUp(`${folder}/filling`),
      (mode) => run("mount", ["-o", `remount,${mode}`, folder]),
    );
  } finally {
    await run("umount", ["--lazy", folder]);
    await Deno.remove(folder);
  }
}

async function run(program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  if (success) return;
  throw new Error(`Cannot ${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

async function fillUp(path: string): Promise<void> {
  using file = await Deno.open(path, { create: true, append: true });
  for (const size of [1_048_576, 4_096]) {
    try {
      while (await file.write(new Uint8Array(size)) > 0);
    } catch (error) {
      if (!(error instanceof Error && /No space left/.test(error.message))) throw error;
    }
  }
}
