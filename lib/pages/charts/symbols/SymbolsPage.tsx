import { asset, Head } from "fresh/runtime";
import { chartHref } from "../../components/href.ts";
import { toHref } from "../../components/site_href.ts";
import { numberText } from "../../../core/text/number_text.ts";
import type { SymbolsData } from "./page_symbols.ts";
import { StarButton, StarForm } from "./StarButton.tsx";
import { SymbolLink } from "./SymbolLink.tsx";
import { SymbolSearch } from "./SymbolList.tsx";
import { symbolsHref } from "./symbols_href.ts";

export interface SymbolsPageProps {
  readonly data: SymbolsData;
  readonly basePath: string;
}

/** All symbols, or those that match a search, a page at a time. */
export function SymbolsPage({ data, basePath }: SymbolsPageProps) {
  const { query: { search, after, address }, symbols, favourites, total, next } = data;
  return (
    <main class="page symbols-page" id="main">
      <Head>
        <title>Symbols · wick</title>
        <link key="page-styles" rel="stylesheet" href={toHref(basePath, asset("/charts.css"))} />
      </Head>
      <section class="card" aria-labelledby="symbols-title">
        <header class="card-head">
          <h1 id="symbols-title">Symbols</h1>
          <p role="status">{countText(total, search)}</p>
        </header>
        <SymbolSearch basePath={basePath} address={address}>
          <input
            name="search"
            value={search}
            placeholder="Symbol or name"
            aria-label="Symbol"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
          />
        </SymbolSearch>
        <StarForm />
        <ul class="symbols-grid">
          {symbols.map((row) => (
            <li key={row.symbol}>
              <SymbolLink
                row={row}
                href={chartHref(basePath, { ...address, symbol: row.symbol })}
              />
              <StarButton row={row} isMarked={favourites.includes(row.symbol)} />
            </li>
          ))}
        </ul>
        <nav class="symbols-pages" aria-label="Pages of the list">
          {after !== undefined && (
            <a class="button" href={symbolsHref(basePath, address, { search })}>First</a>
          )}
          {next !== undefined && (
            <a
              class="button"
              rel="next"
              href={symbolsHref(basePath, address, { search, after: next })}
            >
              More
            </a>
          )}
        </nav>
      </section>
    </main>
  );
}

function countText(total: number, search: string | undefined): string {
  const symbols = `${numberText(total, 0)} ${total === 1 ? "symbol" : "symbols"}`;
  if (search === undefined) return `${symbols}, as in SYMBOLS, groups by trading volume`;
  return total === 0
    ? `No symbol matches “${search}”`
    : `${symbols} ${total === 1 ? "matches" : "match"} “${search}”`;
}
