import { LIVE, SHARED_PAGE } from "../page_names.ts";

/**
 * Fetches the page again and puts those of its live parts in place that have changed. What the
 * reader is at stays as it is: a part with the focus or a selection in it waits for the next time,
 * and a part that is unfolded stays so. Nothing moves in between, so the scroll position stays.
 *
 * @returns whether there was an answer
 */
export async function refreshPage(href: string, signal: AbortSignal): Promise<boolean> {
  const fresh = await fetchPage(href, signal);
  if (fresh === undefined) return false;
  putLiveParts(fresh);
  return true;
}

/** Another version of the page; `undefined` if the server does not return one. */
export async function fetchPage(href: string, signal: AbortSignal): Promise<Document | undefined> {
  const response = await fetch(href, { signal, headers: { accept: SHARED_PAGE } })
    .catch(() => undefined);
  if (!response?.ok) return undefined;
  const html = await response.text();
  signal.throwIfAborted();
  return new DOMParser().parseFromString(html, "text/html");
}

/** As `refreshPage`, from a loaded page; returns whether all parts could be replaced. */
export function putLiveParts(fresh: Document): boolean {
  let isWhole = true;
  for (const part of document.querySelectorAll(`[${LIVE}][id]`)) {
    const next = fresh.getElementById(part.id);
    if (next === null || part.isEqualNode(next)) continue;
    if (isInUse(part)) {
      isWhole = false;
      continue;
    }
    if (part instanceof HTMLDetailsElement) next.toggleAttribute("open", part.open);
    if (!part.isEqualNode(next)) replace(part, next);
  }
  return isWhole;
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

/** True if the user is interacting with the part: focus, selection, or pointer on a link. */
export function isInUse(part: Element): boolean {
  if (part.contains(document.activeElement) || part.matches(":hover:has(a:hover)")) return true;
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(part, true);
}
