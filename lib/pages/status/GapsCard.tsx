import { livePart } from "../../chart/page_names.ts";
import { numberText } from "../../core/number_text.ts";
import { minuteText } from "../../core/time_text.ts";
import type { GapClass } from "../../core/gaps.ts";
import type { Interval } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import { Icon } from "../components/Icon.tsx";
import { SegmentedLinks } from "../components/SegmentedLinks.tsx";
import { GAP_ICON, gapReason, gapRetry, type GapRow } from "./gap_words.ts";
import { Pager, pageText } from "./Pager.tsx";
import { CLASS_WORD } from "./series_status.ts";
import { type StatusAddress, statusHref } from "./status_href.ts";

export interface GapsCardProps {
  readonly address: StatusAddress;
  readonly gaps: { readonly total: number; readonly items: readonly GapRow[] };
  readonly pageSize: number;
  readonly symbols: readonly string[];
  readonly intervals: readonly Interval[];
  /** Classes of existing gaps. */
  readonly classes: readonly GapClass[];
  readonly now: EpochMs;
}

const HEADS = ["Series", "Missing", "From, UTC", "To", "Class", "Evidence", "Next check"];

/** The gaps, each with its class, evidence, and next check. */
export function GapsCard(props: GapsCardProps) {
  const { address, gaps, pageSize, now } = props;
  const { gapPage: page } = address;
  const href = (page: number) => statusHref(address, { gapPage: page }, "gaps");
  return (
    <section class="card" {...livePart("gaps")} aria-labelledby="gaps-title">
      <header class="card-head">
        <h2 id="gaps-title">Gaps</h2>
        <p>newest first, {pageText(page, pageSize, gaps.items.length, gaps.total)}</p>
      </header>
      <GapFilters {...props} />
      {gaps.items.length === 0
        ? <NoGaps address={address} total={gaps.total} />
        : (
          <div class="table-scroll cards">
            <table class="gaps">
              <caption class="unseen">Gaps in the stored series</caption>
              <thead>
                <tr>{HEADS.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
              </thead>
              <tbody>
                {gaps.items.map((gap) => (
                  <Row key={`${gap.symbol} ${gap.interval} ${gap.from}`} gap={gap} now={now} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      <Pager
        label="Pages of gaps"
        newerHref={page > 1 ? href(page - 1) : undefined}
        olderHref={page * pageSize < gaps.total ? href(page + 1) : undefined}
        where={pageText(page, pageSize, gaps.items.length, gaps.total)}
      />
    </section>
  );
}

function NoGaps({ address, total }: { readonly address: StatusAddress; readonly total: number }) {
  const isFiltered = address.symbol ?? address.interval ?? address.class;
  return (
    <p class="nothing">
      {total > 0 ? "This page is past the last one. " : "No gaps"}
      {total === 0 &&
        (isFiltered === undefined ? ": every stored series is complete." : " match the filter. ")}
      {(total > 0 || isFiltered !== undefined) && (
        <a href={statusHref(address, NO_FILTER, "gaps")}>All gaps</a>
      )}
    </p>
  );
}

const NO_FILTER = { symbol: undefined, interval: undefined, class: undefined, gapPage: 1 };

function Row({ gap, now }: { readonly gap: GapRow; readonly now: EpochMs }) {
  const { symbol, interval, from, to, missing, class: reason } = gap;
  return (
    <tr>
      <th scope="row">
        <b>{symbol}</b> {interval}
      </th>
      <td data-name="missing">{numberText(missing, 0)}</td>
      <td data-name="from">{minuteText(from)}</td>
      <td data-name="to">{minuteText(to)}</td>
      <td class="cell-state">
        <span class={`state state-${reason}`}>
          <Icon name={GAP_ICON[reason]} />
          {CLASS_WORD[reason]}
        </span>
      </td>
      <td class="cell-full cell-why">{gapReason(gap)}</td>
      <td data-name="next check" class="cell-full">{gapRetry(gap, now)}</td>
    </tr>
  );
}

function GapFilters({ address, symbols, intervals, classes }: GapsCardProps) {
  const link = (name: string, change: Partial<StatusAddress>, isCurrent: boolean) => ({
    name,
    isCurrent,
    title: name,
    href: statusHref(address, { ...change, gapPage: 1 }, "gaps"),
  });
  return (
    <div class="filters">
      <SegmentedLinks
        label="Symbol"
        class="scrolling"
        links={[
          link("All symbols", { symbol: undefined }, address.symbol === undefined),
          ...symbols.map((symbol) => link(symbol, { symbol }, address.symbol === symbol)),
        ]}
      />
      <SegmentedLinks
        label="Interval"
        class="scrolling"
        links={[
          link("All", { interval: undefined }, address.interval === undefined),
          ...intervals.map((interval) =>
            link(interval, { interval }, address.interval === interval)
          ),
        ]}
      />
      <SegmentedLinks
        label="Class"
        class="scrolling"
        links={[
          link("All classes", { class: undefined }, address.class === undefined),
          ...classes.map((one) => link(CLASS_WORD[one], { class: one }, address.class === one)),
        ]}
      />
    </div>
  );
}
