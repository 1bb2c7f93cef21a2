import { attribute, COIN, livePart } from "../../chart/page_names.ts";
import {
  compactText,
  exactText,
  inMoney,
  moneyText,
  numberText,
  priceText,
  shareText,
} from "../../core/text/number_text.ts";
import { ageText, utcText } from "../../core/text/time_text.ts";
import type { Interval } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import { DayChange } from "../components/DayChange.tsx";
import { chartHref } from "../components/href.ts";
import { Sparkline } from "../components/Sparkline.tsx";
import type { MarketRow, MarketSort } from "./market_rows.ts";
import { beginsAscending, type MarketsAddress, marketsHref } from "./markets_href.ts";

export interface CoinTableProps {
  readonly basePath: string;
  readonly address: MarketsAddress;
  /** Sorted as in the URL. */
  readonly rows: readonly MarketRow[];
  /** Interval of the linked charts. */
  readonly interval: Interval;
  /** Base assets without a market cap, and the reason. */
  readonly unresolved: readonly { readonly ticker: string; readonly reason: string }[];
  readonly now: EpochMs;
}

const HEADS: readonly (readonly [MarketSort | undefined, string])[] = [
  [undefined, "#"],
  ["coin", "Coin"],
  ["price", "Price"],
  ["change", "24 h"],
  [undefined, "7 days"],
  ["supply", "Supply"],
  ["cap", "Market cap"],
  ["share", "Share"],
  [undefined, "Source and age"],
];

/** Table of all coins with the parts of their market cap and their age. */
export function CoinTable(props: CoinTableProps) {
  const { address, rows } = props;
  const fresh = rows.filter(({ supply }) => supply?.isStale === false).length;
  return (
    <section class="card" {...livePart("coins")} aria-labelledby="coins-title">
      <header class="card-head">
        <h2 id="coins-title">Coins</h2>
        <p class="push">{fresh} of {rows.length} supplies fresh</p>
      </header>
      <div class="table-scroll cards">
        <table class="coins">
          <caption class="unseen">Market caps of the coins</caption>
          <thead>
            <tr>
              {HEADS.map(([sort, words]) => (
                <Head key={words} sort={sort} words={headText(words, address)} address={address} />
              ))}
            </tr>
          </thead>
          <tbody>{rows.map((row) => <Row key={row.coin} {...props} row={row} />)}</tbody>
        </table>
      </div>
      <Lookups {...props} />
      <nav class="sorts" aria-label="Order of the coins">
        {HEADS.map(([sort, words]) =>
          sort && (
            <a
              key={sort}
              href={sortHref(address, sort)}
              aria-current={address.sort === sort ? "true" : undefined}
            >
              {headText(words, address)}
            </a>
          )
        )}
      </nav>
    </section>
  );
}

/** Coins looked up for less-known tickers, and assets without a market cap. */
function Lookups({ rows, unresolved }: Pick<CoinTableProps, "rows" | "unresolved">) {
  const found = rows.filter(({ origin }) => origin !== undefined);
  if (found.length + unresolved.length === 0) return null;
  const wordsOf = (coins: readonly MarketRow[]) =>
    coins.map(({ ticker, name, origin }) => `${ticker} is ${name ?? ticker} (${origin})`).join(
      "; ",
    );
  const ranked = found.filter(({ candidates }) => candidates > 1);
  const single = found.filter(({ candidates }) => candidates === 1);
  const words = [
    ranked.length > 0 && `Resolved by rank: ${wordsOf(ranked)}.`,
    single.length > 0 && `Looked up by ticker: ${wordsOf(single)}.`,
    unresolved.length > 0 &&
    `No market cap: ${unresolved.map(({ ticker, reason }) => `${ticker} (${reason})`).join(", ")}.`,
  ].filter(Boolean).join(" ");
  const count = found.length + unresolved.length;
  if (count <= MAX_OPEN) return <p class="formula">{words}</p>;
  return (
    <details class="formula">
      <summary>{count} tickers: the coins that they stand for, or why there is none</summary>
      <p>{words}</p>
    </details>
  );
}

/** More lookups are folded away. */
const MAX_OPEN = 20;

/** `Price, $` */
function headText(words: string, { quote }: MarketsAddress): string {
  return words === "Price" ? `Price, ${quote === "USD" ? "$" : quote}` : words;
}

function sortHref(address: MarketsAddress, sort: MarketSort): string {
  const isAscending = address.sort === sort ? !address.isAscending : beginsAscending(sort);
  return marketsHref(address, { sort, isAscending }, "coins");
}

interface HeadProps {
  readonly sort: MarketSort | undefined;
  readonly words: string;
  readonly address: MarketsAddress;
}

function Head({ sort, words, address }: HeadProps) {
  if (sort === undefined) return <th scope="col">{words}</th>;
  const isSorted = address.sort === sort;
  const direction = address.isAscending ? "ascending" : "descending";
  return (
    <th scope="col" aria-sort={isSorted ? direction : undefined}>
      <a href={sortHref(address, sort)}>{words}</a>
      {isSorted && <span class="arrow" aria-hidden="true">{address.isAscending ? "↑" : "↓"}</span>}
    </th>
  );
}

function Row(
  { row, address, basePath, interval, now }: CoinTableProps & { readonly row: MarketRow },
) {
  const { coin, ticker, name, symbol, colour, rank, cap, share, closes, supply } = row;
  return (
    <tr {...attribute(COIN, coin)}>
      <td class="cell-rank">{rank ?? "–"}</td>
      <th scope="row">
        <svg class={`swatch ${cap ? "" : "cap-missing"}`} viewBox="0 0 10 10" aria-hidden="true">
          <rect class={cap && `coin-${colour}`} x=".5" y=".5" width="9" height="9" rx="2" />
        </svg>
        <a href={chartHref(basePath, { symbol, interval })}>{ticker}</a>
        {name && <span class="coin-name">{name}</span>}
      </th>
      {cap
        ? (
          <td class="cell-price" title={`${exactText(cap.price)}, ${utcText(cap.taken_at)}`}>
            {priceText(cap.price, row.priceDecimals)}
          </td>
        )
        : <td class="cell-price quiet">no data</td>}
      <td class="cell-change">
        <DayChange value={row.dayChange} />
      </td>
      <td class="cell-spark">
        <Sparkline values={closes} />
      </td>
      <td data-name="supply" title={supply && exactText(supply.value)}>
        {supply ? compactText(supply.value) : "–"}
      </td>
      <td data-name="cap" title={cap && inMoney(numberText(cap.market_cap, 0), address.quote)}>
        {cap ? moneyText(cap.market_cap, address.quote) : "–"}
      </td>
      <td data-name="share" class="cell-share">
        <span>{share === undefined ? "–" : shareText(share)}</span>
        <svg class="bar" aria-hidden="true">
          <rect class="bar-all" width="100%" height="6" rx="2" />
          <rect
            class={`coin-${colour}`}
            width={`${((share ?? 0) * 100).toFixed(2)}%`}
            height="6"
            rx="2"
          />
        </svg>
      </td>
      <td class="cell-source">
        <Source row={row} now={now} />
      </td>
    </tr>
  );
}

const PROVIDER: Record<string, string> = {
  coingecko: "CoinGecko",
  coinmarketcap: "CoinMarketCap",
};

function Source(
  { row: { cap, supply, wraps }, now }: { readonly row: MarketRow; readonly now: EpochMs },
) {
  const named = (source: string) => PROVIDER[source] ?? source;
  if (cap === undefined) return <span class="quiet">excluded from the total</span>;
  if (wraps !== undefined) return <>wraps {wraps}, counted once</>;
  const priceAge = ageText(now - cap.taken_at);
  if (supply === undefined) return <>{named(cap.source)}, {priceAge}</>;
  if (!supply.isStale) {
    return (
      <span title={`Price and supply of ${utcText(supply.takenAt)}`}>
        {cap.source === "derived" ? `derived, ${priceAge}` : `${named(cap.source)}, ${priceAge}`}
      </span>
    );
  }
  return (
    <span class="state tone-warn" title={`Supply of ${utcText(supply.takenAt)}`}>
      <span>
        ⚠ supply {ageText(now - supply.takenAt)} old
        <small>
          {named(supply.source)}, {cap.source === "derived" ? "cap derived" : "price"} {priceAge}
        </small>
      </span>
    </span>
  );
}
