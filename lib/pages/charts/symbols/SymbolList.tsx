import type { ComponentChildren } from "preact";
import type { ChartAddress } from "../../../core/chart_address.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { chartHref } from "../../components/href.ts";
import { toHref } from "../../components/site_href.ts";
import type { SymbolRow } from "./symbol_row.ts";
import { HiddenFields } from "../../components/HiddenFields.tsx";
import { Icon } from "../../components/Icon.tsx";
import { StarButton, StarForm } from "./StarButton.tsx";
import { SymbolLink } from "./SymbolLink.tsx";

export interface SymbolChoiceProps {
  readonly basePath: string;
  /** Address of the displayed chart; its interval and range are kept when the symbol changes. */
  readonly address: ChartAddress;
  readonly rows: readonly SymbolRow[];
  readonly favourites: readonly string[];
}

export interface SymbolListProps extends SymbolChoiceProps {
  /** Number of all symbols; `rows` may be the first of them. */
  readonly count: number;
  /** Price of the symbol shown. */
  readonly price: ComponentChildren;
  /** The field for those who would rather type. */
  readonly field: ComponentChildren;
  /** The end of a list that has more symbols. */
  readonly end: ComponentChildren;
}

export function SymbolList(props: SymbolListProps) {
  const { basePath, address, rows, favourites, price, field, end } = props;
  return (
    <nav class="card symbols" aria-labelledby="symbols-title">
      <h2 id="symbols-title" class="unseen">
        {numberText(props.count, 0)} symbols, last price, 24 h
      </h2>
      <SymbolSearch basePath={basePath} address={address}>{field}</SymbolSearch>
      <StarForm />
      <ul>
        {rows.map((row) => (
          <li key={row.symbol}>
            <SymbolLink
              row={row}
              href={chartHref(basePath, { ...address, symbol: row.symbol, page: undefined })}
              price={row.symbol === address.symbol ? price : undefined}
              isCurrent={row.symbol === address.symbol}
            />
            <StarButton row={row} isMarked={favourites.includes(row.symbol)} />
          </li>
        ))}
        {end}
      </ul>
    </nav>
  );
}

interface SymbolSearchProps {
  readonly basePath: string;
  readonly address: Partial<ChartAddress>;
  readonly children: ComponentChildren;
}

/** A form for those who would rather type; without script the server lists the matches. */
export function SymbolSearch({ basePath, address, children }: SymbolSearchProps) {
  return (
    <form class="symbol-search" method="get" action={toHref(basePath, "/symbols")} role="search">
      <Icon name="search" />
      {children}
      <HiddenFields address={address} without={["symbol"]} />
      <kbd aria-hidden="true">/</kbd>
      <button class="button" type="submit">Search</button>
    </form>
  );
}
