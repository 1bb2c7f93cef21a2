import type { ComponentChildren } from "preact";
import { numberText } from "../../core/text/number_text.ts";
import { ageText, minuteText } from "../../core/text/time_text.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import type { GapGroup } from "../../ports/status_reader.ts";
import { Icon } from "../components/Icon.tsx";
import { GAP_ICON, gapReason, gapRetry, type GapRow, groupSymbols } from "./gap_words.ts";
import type { GapList } from "./page_status.ts";
import { CLASS_WORD } from "./series_status.ts";
import { type StatusAddress, statusHref } from "./status_href.ts";
import { TableScroll } from "./TableScroll.tsx";

const HEADS = [
  "Series",
  "Missing",
  "Time, UTC",
  "Duration",
  "Class",
  "Evidence",
  "Next check",
];

export interface GapTableProps {
  readonly address: StatusAddress;
  readonly list: GapList;
  /** Number of symbols that are collected. */
  readonly symbols: number;
  readonly now: EpochMs;
}

/** A page of gaps as a table. */
export function GapTable({ address, list, symbols, now }: GapTableProps) {
  return (
    <TableScroll labelledBy="gaps-title">
      <table class="gaps">
        <caption class="unseen">Gaps in the stored series</caption>
        <thead>
          <tr>{HEADS.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
        </thead>
        <tbody>
          {list.by === "series"
            ? list.gaps.items.map((gap) => (
              <Row key={`${gap.symbol} ${gap.interval} ${gap.class}`} gap={gap} now={now}>
                <b>{gap.symbol}</b> {gap.interval}
              </Row>
            ))
            : list.gaps.items.map((group) => (
              <Row
                key={`${group.from} ${group.to} ${group.class}`}
                gap={group}
                now={now}
                isExample={group.series > 1}
              >
                <GroupName address={address} group={group} symbols={symbols} />
              </Row>
            ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

interface GroupNameProps {
  readonly address: StatusAddress;
  readonly group: GapGroup;
  readonly symbols: number;
}

/** The series of a group; of more than can be named, a link to the list of them. */
function GroupName({ address, group, symbols }: GroupNameProps) {
  const name = groupSymbols(group, symbols);
  const filter = { ...address.filter, class: group.class };
  return (
    <>
      {group.series === group.names.length * group.intervals.length
        ? <b>{name}</b>
        : (
          <a href={statusHref(address, { filter, gapsAt: group.from, gapPage: 1 }, "gaps")}>
            {name}
          </a>
        )} {group.intervals.join(", ")}
    </>
  );
}

interface RowProps {
  readonly gap: GapRow;
  readonly now: EpochMs;
  /** True if its evidence is that of one series of several. */
  readonly isExample?: boolean;
  /** Its series. */
  readonly children: ComponentChildren;
}

function Row({ gap, now, isExample = false, children }: RowProps) {
  const { from, to, missing, class: reason } = gap;
  return (
    <tr>
      <th scope="row">{children}</th>
      <td data-name="missing">{numberText(missing, 0)}</td>
      <td data-name="from" class="cell-time">{rangeText(gap)}</td>
      <td data-name="for">{ageText(to - from)}</td>
      <td class="cell-state">
        <span class={`state state-${reason}`}>
          <Icon name={GAP_ICON[reason]} />
          {CLASS_WORD[reason]}
        </span>
      </td>
      <td class="cell-full cell-why">
        {gapReason(gap)}
        {isExample && gap.evidence !== undefined && " (in one of the series)"}
      </td>
      <td data-name="next check" class="cell-full">{gapRetry(gap, now)}</td>
    </tr>
  );
}

/** `2026-01-31 14:00 to 16:00`, with the date of the end if it is another one. */
function rangeText({ from, to }: TimeRange): string {
  const [start, end] = [minuteText(from), minuteText(to)];
  const [day, clock] = end.split(" ");
  return `${start} to ${start.startsWith(day!) ? clock : end}`;
}
