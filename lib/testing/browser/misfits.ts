import type { Page } from "playwright-core";

/** A line of text on the page. */
interface Line {
  readonly node: Node;
  readonly element: Element;
  readonly rect: DOMRect;
  /** Its first characters. */
  readonly quote: string;
}

const SELECTORS = {
  /** Boxes whose text must stay inside. */
  boxes: ".card, .button, .chip, .badge, .segmented a, .segmented label, td, th, kbd, " +
    ".banner, .menu-panel, .chart-note, .auto-interval, .top, .foot, .page, .code",
  /** Elements that scroll, or shorten text with a mark. */
  scrolling: ".table-scroll, .scrolling, .code, .ranges, .chips, .symbols > ul, pre, dialog",
  ignored: ".unseen, .unseen *, .plot, thead, .candles td:nth-child(10)",
  /** Texts that are placed over others on purpose. */
  overlays: ".panes, .thead, thead, .pie, .stack-plot, .menu-panel",
};

type Selectors = typeof SELECTORS;

/** Texts of the page that are cut off, leave their box, or lie over another one. */
export async function misfitsOf(page: Page): Promise<string[]> {
  const lines = await page.evaluateHandle(findLines);
  const found = [
    await page.evaluate(findLeaving, { lines, ...SELECTORS }),
    await page.evaluate(findCutOff, SELECTORS),
    await page.evaluate(findOverlapping, { lines, ...SELECTORS }),
    await page.evaluate(findPageTooWide),
  ];
  await lines.dispose();
  return [...new Set(found.flat())];
}

// The functions below run in the page. They cannot refer to anything outside themselves.

function findLines(): Line[] {
  const isInHiddenGroup = (element: Element) => {
    for (let group = element.closest("g"); group; group = group.parentElement!.closest("g")) {
      if (getComputedStyle(group).display === "none") return true;
    }
    return false;
  };
  /** Clipped to nothing, as `.unseen` is, on some screens. */
  const isForReadersOnly = (element: Element): boolean =>
    getComputedStyle(element).clipPath === "inset(50%)" ||
    (element.parentElement !== null && isForReadersOnly(element.parentElement));
  const lines: Line[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement!;
    const quote = (node.textContent ?? "").trim().slice(0, 40);
    if (quote === "" || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest(".unseen, .skip, script, style, option, title, .icon-sheet")) continue;
    if (isForReadersOnly(element)) continue;
    if (isInHiddenGroup(element)) continue; // checkVisibility() overlooks groups of SVG
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      // Heads of tables that are shown as cards are clipped to nothing.
      if (rect.width > 1 && rect.height > 1) lines.push({ node, element, rect, quote });
    }
  }
  return lines;
}

function findLeaving(
  { lines, boxes, scrolling, ignored }: Selectors & { readonly lines: readonly Line[] },
): string[] {
  const nameOf = ({ localName, classList }: Element) => [localName, ...classList].join(".");
  return lines.flatMap(({ element, rect, quote }) => {
    const svg = element.closest("svg:not(.tag)");
    const box = svg ?? element.closest(boxes);
    const isClipped = element.closest("thead")?.getBoundingClientRect().width === 1;
    if (box === null || isClipped || box.matches(ignored)) return [];
    const { left, right } = box.getBoundingClientRect();
    const isCut = !svg || getComputedStyle(svg).overflowX !== "visible";
    const scroll = element.closest(scrolling);
    const isInside = scroll !== null && !scroll.contains(box) || scroll === box;
    const isLeaving = isCut && !isInside && (rect.left < left - 1 || rect.right > right + 1);
    return isLeaving ? [`${quote} leaves ${nameOf(box)}`] : [];
  });
}

function findCutOff({ ignored }: Selectors): string[] {
  return [...document.querySelectorAll<HTMLElement>("body *")].flatMap((element) => {
    const { clientWidth, scrollWidth, localName, classList } = element;
    if (getComputedStyle(element).overflowX !== "hidden" || element.matches(ignored)) return [];
    if (!element.checkVisibility() || clientWidth <= 1 || scrollWidth <= clientWidth + 1) return [];
    const quote = (element.textContent ?? "").trim().slice(0, 40);
    return [`${quote} is cut off in ${[localName, ...classList].join(".")}`];
  });
}

function findOverlapping(
  { lines, scrolling, overlays }: Selectors & { readonly lines: readonly Line[] },
): string[] {
  const mayOverlap = (a: Line, b: Line) => {
    if (a.node === b.node) return true;
    if (a.element.closest(".table-scroll") && b.element.closest(".symbols")) return true;
    const [first, second] = [a.element.closest(scrolling), b.element.closest(scrolling)];
    return first !== second; // one of them is scrolled
  };
  const own = lines.filter(({ element }) => !element.closest(overlays));
  // Sorted from the top, so that a line is only compared with those that begin above its end.
  const boxes = own.map(({ rect: { left, right, top, bottom } }, order) => (
    { left, right, top, bottom, order }
  )).sort((a, b) => a.top - b.top);
  return boxes.flatMap((upper, i) => {
    const found = [];
    for (let at = i + 1; at < boxes.length; at++) {
      const lower = boxes[at]!;
      if (lower.top >= upper.bottom - 3) break;
      if (upper.top >= lower.bottom - 3) continue;
      if (lower.left >= upper.right - 1 || upper.left >= lower.right - 1) continue;
      const [a, b] = [upper.order, lower.order].sort((x, y) => x - y).map((order) => own[order]!);
      if (!mayOverlap(a!, b!)) found.push(`${a!.quote} lies over ${b!.quote}`);
    }
    return found;
  });
}

function findPageTooWide(): string[] {
  const { scrollWidth } = document.documentElement;
  return scrollWidth > innerWidth ? [`the page is ${scrollWidth} px wide`] : [];
}
