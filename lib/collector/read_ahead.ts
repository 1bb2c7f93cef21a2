/**
 * Continues reading while the consumer is busy, and yields the items read since: at least one, at
 * most `max`, in order. A failure is thrown after the items that preceded it.
 */
export async function* readAhead<T>(source: AsyncGenerator<T>, max: number): AsyncGenerator<T[]> {
  const ready: T[] = [];
  let isDone = false;
  let failure: { error: unknown } | undefined;
  let wake = () => {};
  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });

  const reading = (async () => {
    try {
      for await (const item of source) {
        ready.push(item);
        wake();
        while (ready.length >= max && !isDone) await change();
        if (isDone) return;
      }
    } catch (error) {
      failure = { error };
    } finally {
      isDone = true;
      wake();
    }
  })();

  try {
    while (true) {
      while (ready.length === 0 && !isDone) await change();
      if (ready.length === 0) break;
      const items = ready.splice(0, max);
      wake();
      yield items;
    }
    if (failure) throw failure.error;
  } finally {
    isDone = true;
    wake();
    await reading;
  }
}
