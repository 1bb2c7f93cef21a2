import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { changedHref } from "../../../core/chart_address.ts";
import { findFavourites } from "../../../core/favourites.ts";
import { fetchSymbols } from "./fetch_symbols.ts";
import type { SymbolRow } from "./symbol_row.ts";
import { StarButton } from "./StarButton.tsx";
import { SymbolLink } from "./SymbolLink.tsx";

export interface SymbolPagesProps {
  readonly searchHref: string;
  /** Symbols at the beginning of the server's list, separated by commas. */
  readonly first: string;
  /** The last symbol of the server's list. */
  readonly after: string;
  readonly current: string;
  /** The element below the list. */
  readonly end: RefObject<HTMLElement>;
}

/** Distance from the end of the list at which more symbols are loaded. */
const MARGIN = "400px";

/** Symbols after those of the server, a page at a time as the list is scrolled. */
export function SymbolPages({ searchHref, first, after, current, end }: SymbolPagesProps) {
  const rows = useSignal<readonly SymbolRow[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    let next: string | undefined = after;
    const observer = new IntersectionObserver(async (entries) => {
      if (!entries.at(-1)!.isIntersecting || next === undefined) return;
      observer.disconnect();
      const found = await fetchSymbols(searchHref, { first, after: next }, abort.signal);
      if (found === undefined) return; // the link to all symbols remains
      next = found.next;
      rows.value = [...rows.value, ...found.symbols.filter(({ symbol }) => symbol !== current)];
      requestAnimationFrame(() => !abort.signal.aborted && observer.observe(end.current!));
    }, { root: end.current!.closest("ul"), rootMargin: MARGIN });
    observer.observe(end.current!);
    abort.signal.addEventListener("abort", () => observer.disconnect());
    return () => abort.abort();
  }, []);
  const favourites = findFavourites(document.cookie);
  return (
    <>
      {rows.value.map((row) => (
        <li key={row.symbol} onPointerDown={takeRange} onKeyDown={takeRange}>
          <SymbolLink row={row} href={hrefOf(row.symbol)} />
          <StarButton row={row} isMarked={favourites.includes(row.symbol)} />
        </li>
      ))}
    </>
  );
}

function hrefOf(symbol: string): string {
  return changedHref(location.href, { symbol, page: undefined });
}

/** Gives a link the range in view, which may have changed since it was made. */
function takeRange({ currentTarget }: { readonly currentTarget: HTMLElement }): void {
  const link = currentTarget.querySelector("a")!;
  link.href = hrefOf(new URL(link.href).searchParams.get("symbol")!);
}
