import { deltaText, priceText } from "../../core/number_text.ts";

/** Writes the newest price, and its change since a day ago, wherever the page tells them. */
export function tellPrice(price: number): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-price]")) {
    const last = place.querySelector("[data-last]");
    const delta = place.querySelector(".delta");
    const dayAgo = Number(place.dataset.dayAgo);
    if (last) write(last, priceText(price, Number(place.dataset.price)));
    if (delta === null || !(dayAgo > 0)) continue;
    write(delta, deltaText(price / dayAgo - 1));
    delta.className = `delta ${price < dayAgo ? "down" : "up"}`;
  }
}

/**
 * A text that stays is not painted again. One of another length is a new node: the same one would,
 * at the right of its place, count as moved.
 */
export function write(element: Element, text: string): void {
  const { firstChild, childNodes } = element;
  const old = element.textContent ?? "";
  if (old === text) return;
  const fits = childNodes.length === 1 && firstChild instanceof Text && old.length === text.length;
  if (fits) firstChild.data = text;
  else element.textContent = text;
}
