import { HiddenFields } from "./HiddenFields.tsx";
import { toHref } from "./href.ts";
import { Icon } from "./Icon.tsx";
import type { SymbolListProps } from "./SymbolList.tsx";

/** A field for those who would rather type; the browser itself offers what there is. */
export function SymbolSearch({ basePath, address, rows }: SymbolListProps) {
  return (
    <form class="symbol-search" method="get" action={toHref(basePath, "/charts")} role="search">
      <Icon name="search" />
      <input
        id="symbol-search"
        name="symbol"
        list="symbol-options"
        placeholder="Symbol"
        aria-label="Symbol"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        required
      />
      <datalist id="symbol-options">
        {rows.map(({ symbol, base }) => <option key={symbol} value={symbol}>{base}</option>)}
      </datalist>
      <HiddenFields address={address} without={["symbol"]} />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
