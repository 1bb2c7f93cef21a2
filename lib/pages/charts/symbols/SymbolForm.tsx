import { priceText } from "../../../core/text/number_text.ts";
import { HiddenFields } from "../../components/HiddenFields.tsx";
import { toHref } from "../../components/site_href.ts";
import { Icon } from "../../components/Icon.tsx";
import { pairName, type SymbolRow } from "./symbol_row.ts";
import type { SymbolChoiceProps } from "./SymbolList.tsx";
import { symbolsHref } from "./symbols_href.ts";

export interface SymbolFormProps extends SymbolChoiceProps {
  /** Number of all symbols; `rows` may be the first of them. */
  readonly count: number;
}

/** The list of symbols for narrow screens: a native select that works without script. */
export function SymbolForm(
  { basePath, address, rows, favourites, count }: SymbolFormProps,
) {
  const marked = rows.filter(({ symbol }) => favourites.includes(symbol));
  const others = rows.filter((row) => !marked.includes(row));
  return (
    <form class="symbol-form" method="get" action={toHref(basePath, "/charts")}>
      <label class="field">
        <span class="unseen">Symbol</span>
        <select name="symbol">
          {marked.length > 0 && (
            <optgroup label="Favourites">
              <Options rows={marked} symbol={address.symbol} />
            </optgroup>
          )}
          <Options rows={others} symbol={address.symbol} />
        </select>
        <Icon name="chevron" />
      </label>
      <HiddenFields address={address} without={["symbol"]} />
      <button class="button" type="submit">Show</button>
      {rows.length < count && (
        <a class="button" href={symbolsHref(basePath, address)}>All symbols</a>
      )}
    </form>
  );
}

interface OptionsProps {
  readonly rows: readonly SymbolRow[];
  readonly symbol: string;
}

function Options({ rows, symbol }: OptionsProps) {
  return (
    <>
      {rows.map((row) => (
        <option key={row.symbol} value={row.symbol} selected={row.symbol === symbol}>
          {optionText(row)}
        </option>
      ))}
    </>
  );
}

function optionText(row: SymbolRow): string {
  const { price } = row;
  return price === undefined
    ? pairName(row)
    : `${pairName(row)}  ${priceText(price.last, price.decimals)}`;
}
