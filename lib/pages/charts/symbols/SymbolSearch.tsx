import { HiddenFields } from "../../components/HiddenFields.tsx";
import { toHref } from "../../components/href.ts";
import { Icon } from "../../components/Icon.tsx";
import type { SymbolListProps } from "./SymbolList.tsx";

/** A form for those who would rather type; without script the browser offers what there is. */
export function SymbolSearch({ basePath, address, rows, children }: SymbolListProps) {
  return (
    <form class="symbol-search" method="get" action={toHref(basePath, "/charts")} role="search">
      <Icon name="search" />
      {children}
      <datalist id="symbol-options">
        {rows.map(({ symbol, base }) => <option key={symbol} value={symbol}>{base}</option>)}
      </datalist>
      <HiddenFields address={address} without={["symbol"]} />
      <kbd aria-hidden="true">/</kbd>
      <button class="button" type="submit">Show</button>
    </form>
  );
}
