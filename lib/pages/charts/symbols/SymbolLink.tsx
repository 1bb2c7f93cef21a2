import type { ComponentChildren } from "preact";
import { attribute, SYMBOL_NAME, SYMBOL_STATE } from "../../../chart/page_names.ts";
import { Sparkline } from "../../components/Sparkline.tsx";
import { ListPrice } from "../QuotedPrice.tsx";
import type { SymbolRow } from "./symbol_row.ts";

export interface SymbolLinkProps {
  readonly row: SymbolRow;
  readonly href: string;
  /** Replaces the price of the row. */
  readonly price?: ComponentChildren;
  readonly isCurrent?: boolean;
}

/** A symbol of a list with its prices, linked to its chart. */
export function SymbolLink({ row, href, price: own, isCurrent = false }: SymbolLinkProps) {
  const { base, quote, name, price } = row;
  return (
    <a
      class={price ? "symbol" : "symbol symbol-bare"}
      href={href}
      {...attribute(SYMBOL_NAME, name)}
      {...attribute(SYMBOL_STATE, stateOf(row))}
      aria-current={isCurrent ? "true" : undefined}
    >
      <span class="symbol-name">
        <b>{base}</b>
        <small>{quote}</small>
      </span>
      {price && <Sparkline values={price.closes} />}
      {price
        ? own ?? <ListPrice quote={price} isStale={price.freshness === "stale"} />
        : (
          <span class="symbol-price">
            <small>collecting</small>
          </span>
        )}
    </a>
  );
}

/** Freshness of its price, unless it is fresh. */
function stateOf({ price }: SymbolRow): string | undefined {
  return price?.freshness === "fresh" ? undefined : price?.freshness ?? "collecting";
}
