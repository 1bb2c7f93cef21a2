import { setImmediate } from "node:timers";

/** Longest work in ms between two turns. */
const SLICE_MS = 4;
/** Items between two looks at the clock. */
const STRIDE = 32;

/** Resolves in the next turn of the event loop, so that other requests are answered before. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Yields `parts`; other requests are answered before the next one is made. */
export async function* inTurns<Part>(parts: Iterable<Part>): AsyncGenerator<Part> {
  for (const part of parts) {
    yield part;
    await nextTurn();
  }
}

/** Maps many items; other requests are answered in between. */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  map: (item: Item, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  let begun = performance.now();
  for (let i = 0; i < items.length; i++) {
    if (i % STRIDE === 0 && performance.now() - begun > SLICE_MS) {
      await nextTurn();
      begun = performance.now();
    }
    results.push(map(items[i]!, i));
  }
  return results;
}
