import { ACTION, SYMBOL_FIELD } from "../page_names.ts";
import { applyMove } from "./move_buttons.ts";
import { page } from "./page_signals.ts";
import { areShortcutsOn, findShortcut, type ShortcutAction } from "./shortcuts.ts";

/** Handles a shortcut, wherever on the page it was pressed. */
export function pressKey(event: KeyboardEvent): void {
  if (event.key === "Escape" && !event.defaultPrevented) leaveOpen();
  const action = findShortcut(event);
  if (action === undefined || (action !== "keys" && !areShortcutsOn())) return;
  if (runShortcut(action)) event.preventDefault();
}

/** Triggers the page's control for a single key; returns whether there was one. */
function runShortcut(action: ShortcutAction): boolean {
  switch (action) {
    case "1h":
    case "4h":
    case "1d":
      return click(`nav[aria-label=Interval] a[href*="interval=${action}"]`);
    case "symbol":
      return focus(`#${SYMBOL_FIELD}, .symbol-form select`);
    case "log":
      return click('nav[aria-label="Price scale"] a');
    case "type":
      return openMenu(".menu-types");
    case "theme":
      return nextTheme();
    case "in":
    case "out":
    case "reset":
      return page.running.value !== undefined && applyMove(page.running.value.chart, action);
    default:
      return click(`[${ACTION}=${action}]`);
  }
}

function visible(selector: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(selector)]
    .find((element) => element.checkVisibility());
}

function click(selector: string): boolean {
  const element = visible(selector);
  element?.click();
  return element !== undefined;
}

function focus(selector: string): boolean {
  const element = visible(selector);
  element?.focus();
  return element !== undefined;
}

/** Opens a menu, or closes it, with the focus on its current choice. */
function openMenu(menu: string): boolean {
  return click(`${menu} > summary`) && (focus(`${menu} [aria-current]`) || true);
}

function nextTheme(): boolean {
  const choices = [...document.querySelectorAll<HTMLInputElement>("input[name=theme]")];
  const next = choices[(choices.findIndex(({ checked }) => checked) + 1) % choices.length];
  next?.click();
  return next !== undefined;
}

/** Closes what is open on the page: a measurement, a menu, full screen. */
function leaveOpen(): void {
  page.measure.value = undefined;
  const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
  if (menu) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary")!.focus();
    menu.open = false;
  }
  page.isFilling.value = false;
}
