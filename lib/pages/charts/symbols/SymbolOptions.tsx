import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { SYMBOL_NAME, SYMBOL_STATE } from "../../../chart/page_names.ts";
import { changedHref } from "../../../core/chart_address.ts";
import { findFavourites } from "../../../core/favourites.ts";
import { SYMBOL } from "../../../core/symbol_name.ts";
import { priceText } from "../../../core/text/number_text.ts";
import { answerKey, CLOSED, type ComboboxState } from "./combobox_state.ts";
import { recentSymbols } from "./recent_symbols.ts";
import { findChoices, type SymbolChoice } from "./symbol_choices.ts";
import type { SymbolRow } from "./symbol_row.ts";
import { type SearchState, useSymbolSearch } from "./use_symbol_search.ts";

export interface SymbolOptionsProps {
  readonly field: HTMLInputElement;
  /** The current symbol. */
  readonly current: string;
  /** Path of the search, if there are more symbols than the page lists. */
  readonly searchHref: string | undefined;
}

/** A symbol as an option. */
interface Offered extends SymbolChoice {
  readonly price: string;
  /** `fresh`, `late`, …. */
  readonly state: string;
  /** Goes to its chart. */
  readonly take: () => void;
}

const LIST_ID = "symbol-found";
/** Distance from the end of the list, in pixels and options, at which more are loaded. */
const NEAR_END = { pixels: 200, options: 5 } as const;

/** Turns the field into a combobox with the symbols that match the input. */
export function SymbolOptions({ field, current, searchHref }: SymbolOptionsProps) {
  const query = useSignal(field.value);
  const box = useSignal<ComboboxState>(CLOSED);
  const { isOpen, active } = box.value;
  const favourites = findFavourites(document.cookie);
  const recent = recentSymbols().filter((one) => one !== current && SYMBOL.test(one));
  const first = [...new Set([...favourites, ...recent])];
  const search = useSymbolSearch({ path: searchHref, text: query.value, first, isOpen });
  const isAnswered = typeof search === "object";
  const found = isAnswered ? search.rows.map(offer) : findChoices(readLinks(), query.value, first);
  const latest = useRef(found);
  latest.current = found;
  const isEmpty = found.length === 0;
  useComboboxRole(field, box.value, isEmpty);
  useEffect(() => listenTo(field, { query, box, found: () => latest.current }), []);
  useEffect(() => {
    const isNearEnd = active !== undefined && active >= found.length - NEAR_END.options;
    if (isAnswered && isNearEnd) search.loadMore();
  }, [active]);
  return (
    <>
      <ul
        id={LIST_ID}
        class="symbol-found"
        role="listbox"
        aria-label="Symbols"
        hidden={!isOpen || isEmpty}
        onPointerDown={(event) => event.preventDefault()} // the focus stays in the field
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          const left = scrollHeight - scrollTop - clientHeight;
          if (isAnswered && left < NEAR_END.pixels) search.loadMore();
        }}
      >
        {found.map((choice, index) => (
          <Option
            key={choice.symbol}
            choice={choice}
            index={index}
            total={isAnswered ? search.total : found.length}
            isActive={index === active}
            note={favourites.includes(choice.symbol)
              ? "favourite"
              : recent.includes(choice.symbol)
              ? "recent"
              : ""}
          />
        ))}
      </ul>
      <p class={isOpen && isEmpty ? "symbol-found symbol-none" : "unseen"} role="status">
        {isOpen && isEmpty ? emptyText(query.value, search) : ""}
      </p>
    </>
  );
}

function emptyText(text: string, search: SearchState): string {
  if (search === "searching") return "Searching…";
  const none = `No symbol matches “${text}”`;
  return search === "failed" ? `${none} on this page; the server cannot be reached` : none;
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
  /** The options of this moment. */
  readonly found: () => readonly Offered[];
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
    const options = found();
    const answer = answerKey(box.value, event, options.length);
    if (answer === undefined) return;
    const taken = answer.deed === "take" ? options[box.value.active!] : undefined;
    if (answer.deed === "take" && taken === undefined) return; // the form searches
    event.preventDefault();
    event.stopPropagation();
    taken?.take();
    if (answer.deed === "clear") field.value = query.value = "";
    box.value = answer.state;
  });
  return () => until.abort();
}

interface OptionProps {
  readonly choice: Offered;
  readonly index: number;
  /** Number of all options, also of those that are not loaded yet. */
  readonly total: number;
  readonly isActive: boolean;
  /** The reason for its place at the top; empty for most. */
  readonly note: string;
}

function Option({ choice, index, total, isActive, note }: OptionProps) {
  const { base, quote, name, price, state, take } = choice;
  return (
    <li
      id={optionId(index)}
      role="option"
      aria-selected={isActive}
      aria-posinset={index + 1}
      aria-setsize={total}
      onClick={take}
    >
      <span>
        <b>{base}</b>
        {quote && `/${quote}`}
      </span>
      <span class="found-price">{price}</span>
      <small>{[name, note].filter(Boolean).join(" · ")}</small>
      <small class={`found-state found-${state}`}>{state}</small>
    </li>
  );
}

function optionId(index: number): string {
  return `${LIST_ID}-${index}`;
}

/** The symbols that the page lists; each option has the target of the page's link. */
function readLinks(): Offered[] {
  const links = document.querySelectorAll<HTMLAnchorElement>("nav.symbols a.symbol");
  return [...links].map((link) => {
    const textOf = (selector: string) =>
      link.querySelector(selector)?.firstChild?.textContent?.trim() ?? "";
    const state = link.getAttribute(SYMBOL_STATE) ?? "fresh";
    return {
      symbol: new URL(link.href).searchParams.get("symbol") ?? "",
      base: textOf(".symbol-name b"),
      quote: textOf(".symbol-name small"),
      name: link.getAttribute(SYMBOL_NAME) ?? "",
      price: state === "collecting" ? "" : textOf(".symbol-price"),
      state,
      take: () => link.click(),
    };
  });
}

/** A symbol that the server has found, as an option. */
function offer({ symbol, base, quote, name = "", price }: SymbolRow): Offered {
  return {
    symbol,
    base,
    quote,
    name,
    price: price === undefined ? "" : priceText(price.last, price.decimals),
    state: price?.freshness ?? "collecting",
    take: () => location.assign(changedHref(location.href, { symbol, page: undefined })),
  };
}
