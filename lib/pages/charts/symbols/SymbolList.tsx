import type { ComponentChildren } from "preact";
import type { ChartAddress } from "../../../core/chart_address.ts";
import { chartHref } from "../../components/href.ts";
import { toHref } from "../../components/site_href.ts";
import { attribute, SYMBOL_NAME, SYMBOL_STATE } from "../../../chart/page_names.ts";
import { Sparkline } from "../../components/Sparkline.tsx";
import type { SymbolRow } from "./symbol_row.ts";
import { HiddenFields } from "../../components/HiddenFields.tsx";
import { Icon } from "../../components/Icon.tsx";
import { ListPrice } from "../QuotedPrice.tsx";

export interface SymbolChoiceProps {
  readonly basePath: string;
  /** Address of the displayed chart; its interval and range are kept when the symbol changes. */
  readonly address: ChartAddress;
  readonly rows: readonly SymbolRow[];
}

export interface SymbolListProps extends SymbolChoiceProps {
  /** Price of the symbol shown. */
  readonly price: ComponentChildren;
  /** The field for those who would rather type. */
  readonly children: ComponentChildren;
}

export function SymbolList({ basePath, address, rows, price, children }: SymbolListProps) {
  return (
    <nav class="card symbols" aria-labelledby="symbols-title">
      <h2 id="symbols-title" class="unseen">Symbols, last price, 24 h</h2>
      <SymbolSearch basePath={basePath} address={address} rows={rows}>{children}</SymbolSearch>
      <ul>
        {rows.map((row) => (
          <li key={row.symbol}>
            <SymbolLink
              row={row}
              href={chartHref(basePath, { ...address, symbol: row.symbol, page: undefined })}
              isCurrent={row.symbol === address.symbol}
            >
              {row.symbol === address.symbol
                ? price
                : row.price && (
                  <ListPrice quote={row.price} isStale={row.price.freshness === "stale"} />
                )}
            </SymbolLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface SymbolLinkProps {
  readonly row: SymbolRow;
  readonly href: string;
  readonly isCurrent: boolean;
  /** Its price; nothing while it is being collected. */
  readonly children: ComponentChildren;
}

function SymbolLink({ row, href, isCurrent, children }: SymbolLinkProps) {
  const { base, quote, name, price } = row;
  return (
    <a
      class={`symbol ${price ? "" : "symbol-bare"}`}
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
      {price ? children : (
        <span class="symbol-price">
          <small>collecting</small>
        </span>
      )}
    </a>
  );
}

/** Returns the age class of its price, unless it is fresh. */
function stateOf({ price }: SymbolRow): string | undefined {
  return price?.freshness === "fresh" ? undefined : price?.freshness ?? "collecting";
}

/** A form for those who would rather type; without script the browser offers what there is. */
function SymbolSearch({ basePath, address, rows, children }: Omit<SymbolListProps, "price">) {
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
