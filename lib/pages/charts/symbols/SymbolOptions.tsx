import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { SYMBOL_NAME, SYMBOL_STATE } from "../../../chart/page_names.ts";
import { answerKey, CLOSED, type ComboboxState } from "./combobox_state.ts";
import { recentSymbols } from "./recent_symbols.ts";
import { findChoices, type SymbolChoice } from "./symbol_choices.ts";

export interface SymbolOptionsProps {
  readonly field: HTMLInputElement;
  /** The current symbol. */
  readonly current: string;
}

/** An entry of the page's symbol list, as an option. */
interface Linked extends SymbolChoice {
  readonly link: HTMLAnchorElement;
  readonly price: string;
  /** `fresh`, `late`, …. */
  readonly state: string;
}

const LIST_ID = "symbol-found";

/** Turns the field into a combobox with the page's symbols, filtered by the input. */
export function SymbolOptions({ field, current }: SymbolOptionsProps) {
  const query = useSignal(field.value);
  const box = useSignal<ComboboxState>(CLOSED);
  const { isOpen, active } = box.value;
  const recent = recentSymbols().filter((symbol) => symbol !== current);
  const found = findChoices(readChoices(), query.value, recent);
  const isEmpty = found.length === 0;
  useComboboxRole(field, box.value, isEmpty);
  useEffect(() => listenTo(field, { query, box, found }), [query.value, found.length]);
  return (
    <>
      <ul
        id={LIST_ID}
        class="symbol-found"
        role="listbox"
        aria-label="Symbols"
        hidden={!isOpen || isEmpty}
        onPointerDown={(event) => event.preventDefault()} // the focus stays in the field
      >
        {found.map((choice, index) => (
          <Option
            key={choice.symbol}
            choice={choice}
            index={index}
            isActive={index === active}
            isRecent={recent.includes(choice.symbol)}
          />
        ))}
      </ul>
      <p class={isOpen && isEmpty ? "symbol-found symbol-none" : "unseen"} role="status">
        {isOpen && isEmpty ? `No symbol matches “${query.value}”` : ""}
      </p>
    </>
  );
}

/** Sets the field's role, whether its list is open, and the active option. */
function useComboboxRole(
  field: HTMLInputElement,
  { isOpen, active }: ComboboxState,
  isEmpty: boolean,
): void {
  useEffect(() => {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", LIST_ID);
  }, []);
  // Set together with the list, because a screen reader may query it before the next paint.
  useLayoutEffect(() => {
    field.setAttribute("aria-expanded", `${isOpen && !isEmpty}`);
    if (!isOpen || active === undefined) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", optionId(active));
    document.getElementById(optionId(active))?.scrollIntoView({ block: "nearest" });
  });
}

interface Combobox {
  readonly query: Signal<string>;
  readonly box: Signal<ComboboxState>;
  readonly found: readonly Linked[];
}

/** Handles input until the returned function is called. */
function listenTo(field: HTMLInputElement, { query, box, found }: Combobox): () => void {
  const until = new AbortController();
  const on = <Type extends keyof HTMLElementEventMap>(
    type: Type,
    listen: (event: HTMLElementEventMap[Type]) => void,
  ) => field.addEventListener(type, listen, { signal: until.signal });
  on("input", () => {
    query.value = field.value;
    box.value = { isOpen: true, active: field.value.trim() === "" ? undefined : 0 };
  });
  on("click", () => box.value = { ...box.value, isOpen: true });
  on("blur", () => box.value = CLOSED);
  on("keydown", (event) => {
    if (event.isComposing) return;
    const answer = answerKey(box.value, event, found.length);
    if (answer === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (answer.deed === "take") found[box.value.active!]?.link.click();
    if (answer.deed === "clear") field.value = query.value = "";
    box.value = answer.state;
  });
  return () => until.abort();
}

interface OptionProps {
  readonly choice: Linked;
  readonly index: number;
  readonly isActive: boolean;
  readonly isRecent: boolean;
}

function Option({ choice, index, isActive, isRecent }: OptionProps) {
  const { link, base, quote, name, price, state } = choice;
  return (
    <li
      id={optionId(index)}
      role="option"
      aria-selected={isActive}
      onClick={() => link.click()}
    >
      <span>
        <b>{base}</b>
        {quote && `/${quote}`}
      </span>
      <span class="found-price">{price}</span>
      <small>{[name, isRecent && "recent"].filter(Boolean).join(" · ")}</small>
      <small class={`found-state found-${state}`}>{state}</small>
    </li>
  );
}

function optionId(index: number): string {
  return `${LIST_ID}-${index}`;
}

/** The page's symbols; each option has the target of the page's link. */
function readChoices(): Linked[] {
  const links = document.querySelectorAll<HTMLAnchorElement>("nav.symbols a.symbol");
  return [...links].map((link) => {
    const textOf = (selector: string) =>
      link.querySelector(selector)?.firstChild?.textContent?.trim() ?? "";
    const state = link.getAttribute(SYMBOL_STATE) ?? "fresh";
    return {
      link,
      symbol: new URL(link.href).searchParams.get("symbol") ?? "",
      base: textOf(".symbol-name b"),
      quote: textOf(".symbol-name small"),
      name: link.getAttribute(SYMBOL_NAME) ?? "",
      price: state === "collecting" ? "" : textOf(".symbol-price"),
      state,
    };
  });
}
