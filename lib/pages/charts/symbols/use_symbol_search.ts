import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { fetchSymbols } from "./fetch_symbols.ts";
import type { SymbolRow } from "./symbol_row.ts";

/** Symbols that the server has found. */
export interface ServerSearch {
  readonly rows: readonly SymbolRow[];
  /** Number of all matches. */
  readonly total: number;
  /** Reads the next page of matches, unless there is none or it is being read. */
  loadMore(): void;
}

/** State of a search: its result, whether it is in progress, or whether it failed. */
export type SearchState = ServerSearch | "searching" | "failed" | undefined;

export interface SymbolSearchOptions {
  /** Path of the search; without it the state is always `undefined`. */
  readonly path: string | undefined;
  readonly text: string;
  /** Symbols to list first. */
  readonly first: readonly string[];
  readonly isOpen: boolean;
}

/** Pause in typing after which the server is asked. */
const PAUSE_MS = 120;

/** Searches among all symbols while the list is open. */
export function useSymbolSearch({ path, text, first, isOpen }: SymbolSearchOptions): SearchState {
  const state = useSignal<SearchState>(undefined);
  useEffect(() => {
    if (path === undefined || !isOpen) return;
    const abort = new AbortController();
    if (typeof state.value !== "object") state.value = "searching";
    const query = { search: text.trim(), first: first.join() };
    let isLoading = false;
    const read = async (before: readonly SymbolRow[], after?: string) => {
      isLoading = true;
      const found = await fetchSymbols(path, { ...query, after }, abort.signal);
      isLoading = false;
      if (abort.signal.aborted) return;
      if (found === undefined) {
        if (after === undefined) state.value = "failed";
        return;
      }
      const rows = [...before, ...found.symbols];
      state.value = {
        rows,
        total: found.total,
        loadMore() {
          if (!isLoading && found.next !== undefined) void read(rows, found.next);
        },
      };
    };
    const timer = setTimeout(() => void read([]), text === "" ? 0 : PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [path, text, isOpen]);
  return path === undefined ? undefined : state.value;
}
