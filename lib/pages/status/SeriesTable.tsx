import { livePart } from "../../chart/page_names.ts";
import { coverageText, numberText } from "../../core/number_text.ts";
import { ageText, minuteText } from "../../core/time_text.ts";
import { seriesName } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import { Icon } from "../components/Icon.tsx";
import { CLASS_WORD, type SeriesStatus, STATE_ICON, STATE_WORD } from "./series_status.ts";

export interface SeriesTableProps {
  readonly series: readonly SeriesStatus[];
  readonly serverTime: EpochMs;
}

const HEADS = [
  "Series",
  "State",
  "First candle",
  "Newest closed",
  "Candles",
  "Expected",
  "Coverage",
  "Gaps",
  "Stored by",
  "Lag",
  "Lag, 95%",
];

/** All figures of every series; folded, because the strips above show the essentials. */
export function SeriesTable({ series, serverTime }: SeriesTableProps) {
  return (
    <details class="card fold" {...livePart("series")}>
      <summary>
        <h2>All figures</h2>
        <span>
          first, newest, expected, gaps by class, last run and lag of {series.length} series
        </span>
      </summary>
      <div class="table-scroll cards">
        <table>
          <caption class="unseen">All figures of every series; times are UTC</caption>
          <thead>
            <tr>{HEADS.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
          </thead>
          <tbody>
            {series.map((one) => <Row key={seriesName(one)} one={one} serverTime={serverTime} />)}
          </tbody>
        </table>
      </div>
    </details>
  );
}

interface RowProps {
  readonly one: SeriesStatus;
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
      <td data-name="candles">{count(rows)}</td>
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
