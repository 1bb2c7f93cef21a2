import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { SYMBOL_FIELD } from "../lib/chart/page_names.ts";
import { rememberSymbol } from "../lib/pages/charts/symbols/recent_symbols.ts";

type Loaded = typeof import("../lib/pages/charts/symbols/SymbolOptions.tsx");

/** Input for a symbol. The combobox code is loaded when the field gets the focus. */
export default function SymbolField({ symbol }: { readonly symbol: string }) {
  const field = useRef<HTMLInputElement>(null);
  const loaded = useSignal<Loaded | undefined>(undefined);
  const load = () => {
    if (loaded.value) return;
    // If it cannot be loaded, the browser's own suggestions remain.
    import("../lib/pages/charts/symbols/SymbolOptions.tsx").then(
      (it) => loaded.value = it,
      () => {},
    );
  };
  useEffect(() => {
    rememberSymbol(symbol);
    showCurrent();
    field.current!.placeholder = "Symbol or name";
    if (document.activeElement === field.current) load();
  }, []);
  return (
    <>
      <input
        ref={field}
        id={SYMBOL_FIELD}
        name="symbol"
        list={loaded.value ? undefined : "symbol-options"}
        placeholder="Symbol"
        aria-label="Symbol"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        required
        onFocus={load}
      />
      {loaded.value && <loaded.value.SymbolOptions field={field.current!} current={symbol} />}
    </>
  );
}

/** Scrolls the list to the current symbol. */
function showCurrent(): void {
  const current = document.querySelector("nav.symbols > ul [aria-current]");
  const list = current?.closest("ul");
  if (!current || !list) return;
  const below = current.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom;
  if (below > 0) list.scrollTop += below;
}
