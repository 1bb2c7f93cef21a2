import type { Page } from "playwright-core";

/** Texts of the page that are cut off, leave their box, or lie over another one. */
export function misfitsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    /** Boxes whose words have to stay inside. */
    const BOXES = ".card, .button, .chip, .badge, .segmented a, .segmented label, td, th, kbd, " +
      ".banner, .menu-panel, .chart-note, .auto-interval, .top, .foot, .page, .code";
    /** Where more can be brought into view, and what may be shortened with a mark. */
    const SCROLLS = ".table-scroll, .scrolling, .code, .ranges, .chips, .symbols > ul, pre, dialog";
    const IGNORED = ".unseen, .unseen *, .plot, thead, .cell-origin";
    const found = new Set<string>();
    const quote = (node: Node) => (node.textContent ?? "").trim().slice(0, 40);
    const nameOf = ({ localName, classList }: Element) => [localName, ...classList].join(".");
    const isInHiddenGroup = (element: Element) => {
      for (let group = element.closest("g"); group; group = group.parentElement!.closest("g")) {
        if (getComputedStyle(group).display === "none") return true;
      }
      return false;
    };
    const texts: { node: Text; element: Element; rect: DOMRect }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement!;
      if (quote(node) === "" || !element.checkVisibility({ visibilityProperty: true })) continue;
      if (element.closest(".unseen, .skip, script, style, option, title, .icon-sheet")) continue;
      // checkVisibility() overlooks groups of SVG.
      if (isInHiddenGroup(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        // Clipped to nothing, as heads of tables are that have become cards.
        if (rect.width > 1 && rect.height > 1) texts.push({ node: node as Text, element, rect });
      }
    }
    for (const { node, element, rect } of texts) {
      const svg = element.closest("svg:not(.tag)");
      const box = svg ?? element.closest(BOXES);
      const isClipped = element.closest("thead")?.getBoundingClientRect().width === 1;
      if (box === null || isClipped || box.matches(IGNORED)) continue;
      const { left, right } = box.getBoundingClientRect();
      const isCut = !svg || getComputedStyle(svg).overflowX !== "visible";
      const scroll = element.closest(SCROLLS);
      const isInside = scroll !== null && !scroll.contains(box) || scroll === box;
      if (isCut && !isInside && (rect.left < left - 1 || rect.right > right + 1)) {
        found.add(`${quote(node)} leaves ${nameOf(box)}`);
      }
    }
    for (const element of document.querySelectorAll<HTMLElement>("body *")) {
      const { overflowX } = getComputedStyle(element);
      if (overflowX !== "hidden" || element.matches(IGNORED)) continue;
      if (element.checkVisibility() && element.scrollWidth > element.clientWidth + 1) {
        if (element.clientWidth > 1) {
          found.add(`${quote(element)} is cut off in ${nameOf(element)}`);
        }
      }
    }
    // Sorted from the top: a text is compared with those that begin above its end, not with all.
    const ours = texts.filter(({ element }) =>
      !element.closest(".panes, .thead, thead, .pie, .stack-plot, .menu-panel")
    ).map(({ node, element, rect: { left, right, top, bottom } }, order) => ({
      node,
      element,
      order,
      left,
      right,
      top,
      bottom,
    })).sort((a, b) => a.top - b.top);
    ours.forEach((upper, i) => {
      for (let at = i + 1; at < ours.length; at++) {
        const lower = ours[at]!;
        if (lower.top >= upper.bottom - 3) break;
        if (upper.top >= lower.bottom - 3) continue;
        if (lower.left >= upper.right - 1 || upper.left >= lower.right - 1) continue;
        const [first, second] = upper.order < lower.order ? [upper, lower] : [lower, upper];
        const { node, element } = first;
        const { node: other, element: owner } = second;
        if (node === other || element.closest(".table-scroll") && owner.closest(".symbols")) {
          continue;
        }
        const isScrolled = [element, owner].some((one) => one.closest(SCROLLS));
        if (!isScrolled || element.closest(SCROLLS) === owner.closest(SCROLLS)) {
          found.add(`${quote(node)} lies over ${quote(other)}`);
        }
      }
    });
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) found.add(`the page is ${scrollWidth} px wide`);
    return [...found];
  });
}
