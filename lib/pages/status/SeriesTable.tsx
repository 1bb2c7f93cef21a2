import { livePart } from "../../chart/page_names.ts";
import { coverageText, numberText } from "../../core/text/number_text.ts";
import { ageText, minuteText } from "../../core/text/time_text.ts";
import { seriesName } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import { Icon } from "../components/Icon.tsx";
import type { ShownSeries } from "./page_status.ts";
import { FIRST_ORDER, type SortKey } from "./series_list.ts";
import { CLASS_WORD, type SeriesStatus, STATE_ICON, STATE_WORD } from "./series_status.ts";
import { type StatusAddress, statusHref } from "./status_href.ts";
import { TableScroll } from "./TableScroll.tsx";

export interface SeriesTableProps {
  readonly address: StatusAddress;
  readonly shown: readonly ShownSeries[];
  readonly serverTime: EpochMs;
}

const HEADS: readonly (readonly [string, SortKey?])[] = [
  ["Series", "symbol"],
  ["State"],
  ["First candle", "first"],
  ["Newest closed", "newest"],
  ["Candles", "candles"],
  ["Expected"],
  ["Coverage", "coverage"],
  ["Gaps", "gaps"],
  ["Stored by"],
  ["Lag"],
  ["Lag, 95%"],
];

/** All figures of the listed series; folded, because the strips above show the essentials. */
export function SeriesTable({ address, shown, serverTime }: SeriesTableProps) {
  if (shown.length === 0) return null;
  return (
    <details class="card fold" {...livePart("series")} open={address.sort !== undefined}>
      <summary>
        <h2 id="series-title">All figures</h2>
        <span>
          first, newest, expected, gaps by class, last run and lag of{" "}
          {shown.length === 1 ? "this series" : `these ${shown.length} series`}
        </span>
      </summary>
      <TableScroll labelledBy="series-title">
        <table>
          <caption class="unseen">All figures of the listed series; times are UTC</caption>
          <thead>
            <tr>
              {HEADS.map(([name, key]) => (
                <Head key={name} name={name} sort={key} address={address} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => <Row key={seriesName(one)} one={one} serverTime={serverTime} />)}
          </tbody>
        </table>
      </TableScroll>
    </details>
  );
}

interface HeadProps {
  readonly name: string;
  readonly sort: SortKey | undefined;
  readonly address: StatusAddress;
}

/** The heading of a column, which sorts by it; a second time in the other direction. */
function Head({ name, sort, address }: HeadProps) {
  if (sort === undefined) return <th scope="col">{name}</th>;
  const isCurrent = address.sort === sort;
  const other = address.order === "asc" ? "desc" : "asc";
  const order = isCurrent ? other : FIRST_ORDER[sort];
  return (
    <th
      scope="col"
      aria-sort={!isCurrent ? undefined : address.order === "asc" ? "ascending" : "descending"}
    >
      <a href={statusHref(address, { sort, order, seriesPage: 1 }, "series")}>
        {name}
        {isCurrent && <span aria-hidden="true">{address.order === "asc" ? " ↑" : " ↓"}</span>}
      </a>
    </th>
  );
}

interface RowProps {
  readonly one: ShownSeries;
  readonly serverTime: EpochMs;
}

function Row({ one, serverTime }: RowProps) {
  const { symbol, interval, state, firstOpenTime, newestClosed, rows, activity } = one;
  const time = (value: EpochMs | undefined) => value === undefined ? "–" : minuteText(value);
  const count = (value: number | undefined) => value === undefined ? "–" : numberText(value, 0);
  return (
    <tr>
      <th scope="row">
        <b>{symbol}</b> {interval}
      </th>
      <td class="cell-state">
        <span class={`state state-${state}`}>
          <Icon name={STATE_ICON[state]} />
          {STATE_WORD[state]}
          {(state === "late" || state === "stale") && newestClosed !== undefined &&
            ` ${ageText(serverTime - newestClosed)}`}
        </span>
      </td>
      <td data-name="first">{time(firstOpenTime)}</td>
      <td data-name="newest">{time(newestClosed)}</td>
      <td data-name="candles">
        {count(rows)}
        {one.importedRows > 0 && ` + ${count(one.importedRows)} imported`}
      </td>
      <td data-name="expected">{count(one.expected)}</td>
      <td data-name="coverage">{one.coverage === undefined ? "–" : coverageText(one.coverage)}</td>
      <td data-name="gaps" class="cell-full">{gapsText(one)}</td>
      <td data-name="by">{activity === undefined ? "–" : `${activity.job} ${activity.runId}`}</td>
      <td data-name="lag">{activity === undefined ? "–" : ageText(activity.lagMs)}</td>
      <td data-name="lag, 95%">
        {activity?.lagP95Ms === undefined ? "–" : ageText(activity.lagP95Ms)}
      </td>
    </tr>
  );
}

function gapsText({ gaps }: SeriesStatus): string {
  const words = gaps.map(({ class: reason, missing }) =>
    `${numberText(missing, 0)} ${CLASS_WORD[reason]}`
  );
  return words.length === 0 ? "none" : words.join(", ");
}
