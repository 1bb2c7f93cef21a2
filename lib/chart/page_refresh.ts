/** Parts of a page that may be replaced by newer ones have this attribute, and an id. */
const LIVE = "[data-live][id]";

/**
 * Fetches the page anew and puts those of its live parts in place that have changed. What the reader
 * is at stays as it is: a part with the focus or a selection in it waits for the next time, and a
 * part that is unfolded stays so. Nothing moves in between, so the scroll position stays.
 *
 * @returns whether there was an answer
 */
export async function refreshPage(href: string, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(href, { signal, headers: { accept: "text/html" } })
    .catch(() => undefined);
  if (!response?.ok) return false;
  const html = await response.text();
  signal.throwIfAborted();
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of document.querySelectorAll(LIVE)) {
    const next = fresh.getElementById(part.id);
    if (next === null || isInUse(part)) continue;
    if (part instanceof HTMLDetailsElement) next.toggleAttribute("open", part.open);
    if (!part.isEqualNode(next)) replace(part, next);
  }
  return true;
}

function replace(part: Element, next: Element): void {
  const scrolled = [...part.querySelectorAll(".table-scroll, .scrolling")].map((one) =>
    one.scrollLeft
  );
  const fresh = document.importNode(next, true);
  part.replaceWith(fresh);
  const boxes = fresh.querySelectorAll(".table-scroll, .scrolling");
  boxes.forEach((box, i) => box.scrollLeft = scrolled[i] ?? 0);
}

function isInUse(part: Element): boolean {
  if (part.contains(document.activeElement) || part.matches(":hover:has(a:hover)")) return true;
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(part, true);
}
