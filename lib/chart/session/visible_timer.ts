/**
 * Calls `work` every `ms` while the page is visible, and at once when it becomes visible after a
 * longer time. A call that still runs is not joined by another.
 */
export function everyVisible(ms: number, work: () => Promise<void> | void, signal: AbortSignal) {
  let last = performance.now();
  let isRunning = false;
  const tick = async () => {
    if (isRunning || document.hidden || performance.now() - last < ms * 0.9) return;
    last = performance.now();
    isRunning = true;
    try {
      await work();
    } finally {
      isRunning = false;
    }
  };
  const timer = setInterval(() => void tick(), ms);
  document.addEventListener("visibilitychange", () => void tick(), { signal });
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
