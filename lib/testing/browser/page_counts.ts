import type { Page } from "playwright-core";

/** Resources retained by a page. */
export interface PageCounts {
  readonly nodes: number;
  readonly listeners: number;
}

const MAX_ROUNDS = 20;

/** Counts nodes and listeners after garbage collection has finished. */
export async function countPage(page: Page): Promise<PageCounts> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  let least: PageCounts = { nodes: Infinity, listeners: Infinity };
  for (let round = 0, still = 0; round < MAX_ROUNDS && still < 3; round++) {
    await cdp.send("HeapProfiler.collectGarbage");
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
    const { metrics } = await cdp.send("Performance.getMetrics");
    const value = (name: string) => metrics.find((metric) => metric.name === name)!.value;
    const counts = { nodes: value("Nodes"), listeners: value("JSEventListeners") };
    still = counts.nodes < least.nodes || counts.listeners < least.listeners ? 0 : still + 1;
    least = {
      nodes: Math.min(counts.nodes, least.nodes),
      listeners: Math.min(counts.listeners, least.listeners),
    };
  }
  await cdp.detach();
  return least;
}
