import { page } from "./page_signals.ts";

/** Leaves what lies open on the page: a measure, a menu, a chart that fills the window. */
export function leaveOpen(): void {
  page.measure.value = undefined;
  const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
  if (menu) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary")!.focus();
    menu.open = false;
  }
  document.querySelector("[data-filling]")?.removeAttribute("data-filling");
}
