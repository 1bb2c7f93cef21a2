/**
 * Counts the processes that use something, with `flock`: the system forgets a holder that was
 * killed, so the count cannot go stale.
 */
export interface SharedUse {
  /** Gives the use up. `whenLast` runs if no other process is left, while none can join. */
  release(whenLast: () => Promise<void>): Promise<void>;
}

/**
 * Joins the users of what `path` stands for. `prepare` runs first and alone: no other process
 * prepares or releases meanwhile.
 */
export async function joinUsers(path: string, prepare: () => Promise<void>): Promise<SharedUse> {
  const door = await openLock(`${path}.door`);
  try {
    await door.lock(true);
    await prepare();
    const use = await openLock(path);
    await use.lock(false);
    return { release: (whenLast) => leave(path, use, whenLast) };
  } finally {
    door.close();
  }
}

async function leave(path: string, use: Deno.FsFile, whenLast: () => Promise<void>) {
  const door = await openLock(`${path}.door`);
  try {
    await door.lock(true);
    use.close();
    const probe = await openLock(path);
    try {
      if (await probe.tryLock(true)) await whenLast();
    } finally {
      probe.close();
    }
  } finally {
    door.close();
  }
}

function openLock(path: string): Promise<Deno.FsFile> {
  return Deno.open(path, { create: true, read: true, write: true, mode: 0o600 });
}
