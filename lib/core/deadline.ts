/**
 * Waits up to `ms` for `work` to settle, and returns whether it has. A failure counts as settled.
 */
export async function settlesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => timer = setTimeout(resolve, ms, false));
  try {
    return await Promise.race([work.then(() => true as const, () => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Settles as `work` does, or rejects with `late()` after `ms`; `work` then continues. */
export async function within<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  if (await settlesWithin(work, ms)) return await work;
  throw late();
}
