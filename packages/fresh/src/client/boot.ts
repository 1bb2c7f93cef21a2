import { type ComponentType, h } from "preact";
import { findMarkers } from "./markers.ts";
import { parseProps } from "./parse_props.ts";
import { renderIsland } from "./render_island.ts";
import { slotContent } from "./slot_content.ts";

type Islands = Record<string, ComponentType>;

/** Time without a frame after which a page counts as hidden. */
const PAINT_MS = 1_000;

/** Takes over every island of the page, each between its two comments. */
export function boot(islands: Islands, serializedProps: string): void {
  const { roots, slots } = findMarkers(document.body);
  const { props, slotNodes } = parseProps(serializedProps);
  // All at once and first: rendering an island moves the nodes that a slot is read from.
  for (const [id, vnode] of slotNodes) {
    vnode.props.children = slotContent(id, slots, { islands, props });
  }
  afterPaint(() => {
    for (const { name, index, start, end } of roots) {
      later(() => renderIsland(h(islands[name]!, props[index]!), start, end));
    }
  });
}

/** Shows what the server rendered before islands start. Hidden pages are never painted. */
function afterPaint(task: () => void): void {
  if (document.hidden) return task();
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    later(task);
  });
  const timer = setTimeout(() => {
    cancelAnimationFrame(frame);
    task();
  }, PAINT_MS);
}

/** One task for each island, so that a slow one does not keep the page from reacting. */
function later(task: () => void): void {
  const { scheduler } = globalThis as unknown as {
    scheduler?: { postTask?(task: () => void): Promise<void> };
  };
  if (scheduler?.postTask) scheduler.postTask(task);
  else setTimeout(task);
}
