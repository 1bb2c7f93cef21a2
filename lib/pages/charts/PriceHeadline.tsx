import type { ComponentChildren } from "preact";
import type { SymbolRow } from "./symbols/symbol_row.ts";

export interface PriceHeadlineProps {
  readonly row: SymbolRow;
  /** The price. */
  readonly children: ComponentChildren;
}

/** Name of the market and its newest price. */
export function PriceHeadline({ row: { base, quote }, children }: PriceHeadlineProps) {
  return (
    <>
      <h1 class="pair">
        {base}
        {quote && <span>/{quote}</span>}
      </h1>
      {children}
    </>
  );
}
