import type { ComponentChildren } from "preact";
import { livePart } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { minuteText } from "../../../core/text/time_text.ts";
import type { KlineColumn, Series } from "../../../core/kline.ts";
import { type EpochMs, SECOND_MS } from "../../../core/time.ts";
import { Pager, type PagerProps } from "../Pager.tsx";
import { TableScroll } from "../TableScroll.tsx";

/** A candle with two known versions. */
export interface VersionsRow extends Series {
  readonly openTime: EpochMs;
  readonly at: EpochMs;
  readonly runId: number;
  readonly job: string;
  readonly source: string;
  readonly changes: readonly {
    readonly column: KlineColumn;
    readonly old: string;
    readonly new: string;
  }[];
}

export interface VersionsCardProps {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** Text shown when there are none. */
  readonly nothing: ComponentChildren;
  /** `["old", "new"]` */
  readonly sides: readonly [string, string];
  readonly versions: { readonly total: number; readonly items: readonly VersionsRow[] };
  readonly pager: PagerProps | undefined;
}

const SOURCE: Record<string, string> = {
  rest: "the API",
  daily: "a daily archive file",
  stream: "the stream",
  monthly: "a monthly archive file",
  file: "an imported file",
};

/** Candles with two known versions, and the digits that differ. */
export function VersionsCard(props: VersionsCardProps) {
  const { id, title, note, nothing, sides, versions, pager } = props;
  return (
    <section class="card" {...livePart(id)} aria-labelledby={`${id}-title`}>
      <header class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <p>{versions.total === 0 ? "none" : `${numberText(versions.total, 0)}, ${note}`}</p>
      </header>
      {versions.items.length === 0
        ? <p class="nothing">{nothing}</p>
        : (
          <TableScroll labelledBy={`${id}-title`}>
            <table class="versions">
              <caption class="unseen">{title}</caption>
              <thead>
                <tr>
                  <th scope="col">Candle, UTC</th>
                  <th scope="col">Changes: {sides[0]} → {sides[1]}</th>
                  <th scope="col">Seen, UTC</th>
                  <th scope="col">Source</th>
                </tr>
              </thead>
              <tbody>
                {versions.items.map((one, i) => <Row key={i} one={one} sides={sides} />)}
              </tbody>
            </table>
          </TableScroll>
        )}
      {pager && <Pager {...pager} />}
    </section>
  );
}

interface RowProps {
  readonly one: VersionsRow;
  readonly sides: readonly [string, string];
}

function Row({ one, sides }: RowProps) {
  return (
    <tr>
      <th scope="row">
        <b>{one.symbol}</b> {one.interval} {minuteText(one.openTime)}
      </th>
      <td class="cell-full">
        <ul class="changes">
          {one.changes.map(({ column, old, new: now }) => (
            <li key={column}>
              <span>{column.replaceAll("_", " ")}</span>
              <del>
                <span class="unseen">{sides[0]}</span> {old}
              </del>
              <ins>
                <span class="unseen">{sides[1]}</span> {now}
              </ins>
            </li>
          ))}
        </ul>
      </td>
      <td data-name="seen">{minuteText(Math.floor(one.at / SECOND_MS) * SECOND_MS)}</td>
      <td data-name="source">{SOURCE[one.source] ?? one.source}, {one.job} {one.runId}</td>
    </tr>
  );
}
