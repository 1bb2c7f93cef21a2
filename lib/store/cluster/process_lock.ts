/**
 * Counts the processes that use something, with `flock`: the system releases the locks of killed
 * processes, so the count is always correct.
 */
export interface SharedUse {
  /**
   * Joins the users. `prepare` runs first and exclusively: no other process prepares or releases
   * during that time.
   */
  join(prepare: () => Promise<void>): Promise<void>;
  /** Runs `work` while no other process prepares, releases or does the same. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Leaves the users. `whenLast` runs if no other process is left, while none can join. */
  release(whenLast: () => Promise<void>): Promise<void>;
  /** As `release`, for a process that exits immediately: does not wait for other processes. */
  abandon(whenLast: () => void): void;
}

/** This process's use of the resource identified by `path`. */
export function createSharedUse(path: string): SharedUse {
  let isDoorOurs = false;
  let use: Deno.FsFile | undefined;

  async function alone<T>(work: () => Promise<T>): Promise<T> {
    const door = await openLock(`${path}.door`);
    try {
      await door.lock(true);
      isDoorOurs = true;
      return await work();
    } finally {
      isDoorOurs = false;
      door.close();
    }
  }

  return {
    alone,
    join: (prepare) =>
      alone(async () => {
        await prepare();
        const own = await openLock(path);
        await own.lock(false);
        use = own;
      }),
    release: (whenLast) =>
      alone(async () => {
        use?.close();
        use = undefined;
        const probe = await openLock(path);
        try {
          if (await probe.tryLock(true)) await whenLast();
        } finally {
          probe.close();
        }
      }),
    abandon(whenLast) {
      using door = openLockSync(`${path}.door`);
      // Otherwise another process is joining or leaving at this moment, and decides.
      if (!isDoorOurs && !door.tryLockSync(true)) return;
      use?.close();
      use = undefined;
      using probe = openLockSync(path);
      if (probe.tryLockSync(true)) whenLast();
    },
  };
}

const LOCK_FILE = { create: true, read: true, write: true, mode: 0o600 };

function openLock(path: string): Promise<Deno.FsFile> {
  return Deno.open(path, LOCK_FILE);
}

function openLockSync(path: string): Deno.FsFile {
  return Deno.openSync(path, LOCK_FILE);
}
