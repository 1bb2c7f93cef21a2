const INTENTS = ["pointerover", "pointerdown", "focusin", "keydown"] as const;
/** Maximum delay on a busy page. */
const PATIENCE_MS = 4_000;

/**
 * Resolves once the page has been painted and the browser is idle, or the reader turns to `target`.
 * With `Save-Data` on, the latter only. Rejects when `signal` aborts.
 */
export function whenWanted(target: Element, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const done = new AbortController();
  const until = AbortSignal.any([signal, done.signal]);
  onIntent(target, resolve, until);
  if (!savesData()) whenIdle(resolve, until);
  signal.addEventListener("abort", () => reject(signal.reason), { signal: done.signal });
  return promise.finally(() => done.abort());
}

/** Calls `act` when the reader turns to `target`: with pointer, finger or keyboard. */
export function onIntent(target: Element, act: () => void, signal: AbortSignal): void {
  for (const type of INTENTS) {
    target.addEventListener(type, () => act(), { signal, passive: true });
  }
}

function whenIdle(resolve: () => void, signal: AbortSignal): void {
  if (document.readyState !== "complete") {
    globalThis.addEventListener("load", () => whenIdle(resolve, signal), { once: true, signal });
    return;
  }
  // Safari lacks requestIdleCallback.
  const cancel = "requestIdleCallback" in globalThis ? askForIdle(resolve) : waitABit(resolve);
  signal.addEventListener("abort", cancel, { once: true });
}

function askForIdle(resolve: () => void): () => void {
  const id = requestIdleCallback(resolve, { timeout: PATIENCE_MS });
  return () => cancelIdleCallback(id);
}

function waitABit(resolve: () => void): () => void {
  const id = setTimeout(resolve, 200);
  return () => clearTimeout(id);
}

/** True if the user or the connection wants to save data. */
export function savesData(): boolean {
  const { connection } = navigator as {
    connection?: { saveData?: boolean; effectiveType?: string };
  };
  return connection?.saveData === true || /2g$/.test(connection?.effectiveType ?? "");
}
