import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { SYMBOL_FIELD } from "../lib/chart/page_names.ts";
import { rememberSymbol } from "../lib/pages/charts/symbols/recent_symbols.ts";
import { useLazy } from "../lib/pages/components/use_lazy.ts";

export interface SymbolFieldProps {
  /** The current symbol. */
  readonly symbol: string;
  /** Path of the search, if there are more symbols than the page lists. */
  readonly searchHref?: string | undefined;
}

/**
 * Input for a symbol. The combobox code is loaded when the field gets the focus; if it cannot be
 * loaded, the form remains.
 */
export default function SymbolField({ symbol, searchHref }: SymbolFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const isWanted = useSignal(false);
  const loaded = useLazy(
    isWanted.value,
    () => import("../lib/pages/charts/symbols/SymbolOptions.tsx"),
  );
  const load = () => {
    isWanted.value = true;
  };
  useEffect(() => {
    rememberSymbol(symbol);
    if (document.activeElement === field.current) load();
  }, []);
  return (
    <>
      <input
        ref={field}
        id={SYMBOL_FIELD}
        name="search"
        placeholder="Symbol or name"
        aria-label="Symbol"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        required
        onFocus={load}
      />
      {loaded && (
        <loaded.SymbolOptions field={field.current!} current={symbol} searchHref={searchHref} />
      )}
    </>
  );
}
