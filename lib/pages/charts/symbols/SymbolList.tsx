import type { ComponentChildren } from "preact";
import { priceText } from "../../../core/number_text.ts";
import { DayChange } from "../../components/DayChange.tsx";
import { type ChartAddress, chartHref, toHref } from "../../components/href.ts";
import { Sparkline } from "../../components/Sparkline.tsx";
import type { SymbolRow } from "./symbol_row.ts";
import { HiddenFields } from "../../components/HiddenFields.tsx";
import { Icon } from "../../components/Icon.tsx";

export interface SymbolChoiceProps {
  readonly basePath: string;
  /** Of the chart shown; its interval and range stay when the symbol changes. */
  readonly address: ChartAddress;
  readonly rows: readonly SymbolRow[];
}

export interface SymbolListProps extends SymbolChoiceProps {
  /** The field for those who would rather type. */
  readonly children: ComponentChildren;
}

export function SymbolList({ basePath, address, rows, children }: SymbolListProps) {
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
            />
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
}

function SymbolLink({ row, href, isCurrent }: SymbolLinkProps) {
  const { base, quote, name, price } = row;
  return (
    <a
      class={`symbol ${price ? "" : "symbol-bare"}`}
      href={href}
      data-name={name}
      data-state={price?.freshness === "fresh" ? undefined : price?.freshness ?? "collecting"}
      aria-current={isCurrent ? "true" : undefined}
    >
      <span class="symbol-name">
        <b>{base}</b>
        <small>{quote}</small>
      </span>
      {price && <Sparkline values={price.closes} />}
      <span
        class="symbol-price"
        data-price={isCurrent ? price?.decimals : undefined}
        data-day-ago={isCurrent ? price?.dayAgo : undefined}
      >
        {price === undefined ? <small>collecting</small> : (
          <>
            <span data-last>{priceText(price.last, price.decimals)}</span>
            {price.freshness === "stale"
              ? <span class="delta symbol-stale">stale</span>
              : <DayChange value={price.dayChange} />}
          </>
        )}
      </span>
    </a>
  );
}

/** A form for those who would rather type; without script the browser offers what there is. */
function SymbolSearch({ basePath, address, rows, children }: SymbolListProps) {
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
