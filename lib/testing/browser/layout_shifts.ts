import type { Page } from "playwright-core";

/**
 * Records layout shifts on `page` without user input, from its next document on.
 * @returns the shifts so far: tag, classes, left and top before and after, in CSS px
 */
export async function watchShifts(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const moved: string[] = [];
    Object.assign(globalThis, { moved });
    new PerformanceObserver((list) => {
      for (const { sources } of list.getEntries() as unknown as Shift[]) {
        for (const { node, previousRect: was, currentRect: is } of sources) {
          const element = node instanceof Element ? node : node?.parentElement;
          const name = element ? `${element.localName} ${element.className}` : "something gone";
          moved.push(`${name}: ${was.x} ${was.y} to ${is.x} ${is.y}`);
        }
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return () =>
    page.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return (globalThis as unknown as { moved: string[] }).moved;
    });
}

interface Shift {
  readonly sources: readonly {
    readonly node: Node | null;
    readonly previousRect: DOMRectReadOnly;
    readonly currentRect: DOMRectReadOnly;
  }[];
}
