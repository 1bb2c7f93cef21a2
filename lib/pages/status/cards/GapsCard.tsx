import { livePart } from "../../../chart/page_names.ts";
import type { GapClass } from "../../../core/gaps.ts";
import type { Interval } from "../../../core/interval.ts";
import { minuteText } from "../../../core/text/time_text.ts";
import type { EpochMs } from "../../../core/time.ts";
import type { Gap } from "../../../ports/gap_ledger.ts";
import type { GapGroup } from "../../../ports/status_reader.ts";
import { SegmentedLinks } from "../../components/SegmentedLinks.tsx";
import { GapTable } from "../GapTable.tsx";
import { type GapList, GAPS_PAGE } from "../page_status.ts";
import { type NumberedPage, Pager, pagerHrefs, pageText, PastEnd } from "../Pager.tsx";
import { isFiltered, type SeriesFilter } from "../series_list.ts";
import { CLASS_WORD } from "../series_status.ts";
import { filterHref, NO_FILTER, type StatusAddress, statusHref } from "../status_href.ts";

export interface GapsCardProps {
  readonly address: StatusAddress;
  readonly list: GapList;
  /** Classes of existing gaps. */
  readonly classes: readonly GapClass[];
  readonly intervals: readonly Interval[];
  /** Number of symbols that are collected. */
  readonly symbols: number;
  readonly now: EpochMs;
}

/** The gaps, each with its class, evidence, and next check; those of an outage are one entry. */
export function GapsCard({ address, list, classes, intervals, symbols, now }: GapsCardProps) {
  const { gapPage: page, gapsAt } = address;
  const { items, total }: { items: readonly (Gap | GapGroup)[]; total: number } = list.gaps;
  const where = pageText(page, GAPS_PAGE, items.length, total);
  const place = {
    page,
    size: GAPS_PAGE,
    total,
    href: (to: number) => statusHref(address, { gapPage: to }, "gaps"),
  };
  return (
    <section class="card" {...livePart("gaps")} aria-labelledby="gaps-title">
      <header class="card-head">
        <h2 id="gaps-title">Gaps</h2>
        <p>
          {gapsAt === undefined ? "newest first" : `that begin ${minuteText(gapsAt)} UTC`}, {where}
          {isFiltered(address.filter) && ", filtered as the series above"}
        </p>
        {gapsAt !== undefined && (
          <a
            class="button push"
            href={statusHref(address, { gapsAt: undefined, gapPage: 1 }, "gaps")}
          >
            All times
          </a>
        )}
      </header>
      <GapFilters address={address} classes={classes} intervals={intervals} />
      {items.length === 0
        ? <NoGaps address={address} place={place} />
        : <GapTable address={address} list={list} symbols={symbols} now={now} />}
      <Pager
        label="Pages of gaps"
        {...pagerHrefs(place)}
        where={where}
      />
    </section>
  );
}

interface NoGapsProps {
  readonly address: StatusAddress;
  readonly place: NumberedPage;
}

function NoGaps({ address, place }: NoGapsProps) {
  const { total } = place;
  const isAll = !isFiltered(address.filter) && address.gapsAt === undefined;
  if (total === 0 && isAll) {
    return <p class="nothing">No gaps: every stored series is complete.</p>;
  }
  return (
    <p class="nothing">
      {total > 0 ? <PastEnd {...place} /> : "No gaps match the filter."}{" "}
      <a href={filterHref(address, NO_FILTER, "gaps")}>All gaps</a>
    </p>
  );
}

/** The parts of the filter that gaps are most often looked up by. */
function GapFilters(
  { address, classes, intervals }: Pick<GapsCardProps, "address" | "classes" | "intervals">,
) {
  const { filter } = address;
  const link = (name: string, change: Partial<SeriesFilter>, isCurrent: boolean) => ({
    name,
    isCurrent,
    title: name,
    href: filterHref(address, change, "gaps"),
  });
  return (
    <div class="filters">
      <SegmentedLinks
        label="Interval of gaps"
        class="scrolling"
        links={[
          link("All", { interval: undefined }, filter.interval === undefined),
          ...intervals.map((interval) =>
            link(interval, { interval }, filter.interval === interval)
          ),
        ]}
      />
      <SegmentedLinks
        label="Class of gaps"
        class="scrolling"
        links={[
          link("All classes", { class: undefined }, filter.class === undefined),
          ...classes.map((one) => link(CLASS_WORD[one], { class: one }, filter.class === one)),
        ]}
      />
    </div>
  );
}
