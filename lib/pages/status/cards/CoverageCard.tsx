import { livePart } from "../../../chart/page_names.ts";
import { coverageText, numberText } from "../../../core/text/number_text.ts";
import { seriesName } from "../../../core/kline.ts";
import { toIso } from "../../../core/time.ts";
import { chartHref } from "../../components/href.ts";
import { Icon } from "../../components/Icon.tsx";
import { SegmentedLinks } from "../../components/SegmentedLinks.tsx";
import { stripText } from "../coverage_runs.ts";
import { SERIES_PAGE, type SeriesPage, type ShownSeries, type StripScale } from "../page_status.ts";
import { type NumberedPage, Pager, pagerHrefs, pageText, PastEnd } from "../Pager.tsx";
import { CoverageStrip, StripKey } from "../SeriesCoverage.tsx";
import { type SeriesStatus, STATE_ICON, STATE_WORD } from "../series_status.ts";
import {
  filterHref,
  NO_FILTER,
  type StatusAddress,
  statusHref,
  statusParams,
} from "../status_href.ts";

export interface CoverageCardProps {
  readonly address: StatusAddress;
  readonly series: SeriesPage;
}

/** One page of the series over time, each with its stored share. */
export function CoverageCard({ address, series }: CoverageCardProps) {
  const { shown, scale } = series;
  const from = toIso(scale.range.from).slice(0, 10);
  return (
    <section class="card" {...livePart("coverage")} aria-labelledby="coverage-title">
      <header class="card-head">
        <h2 id="coverage-title">Coverage</h2>
        <p>{from} to now, UTC</p>
        <StripKey />
        <SegmentedLinks
          label="Period"
          links={[
            strip("All", "all history", !address.isRecent, { isRecent: false }),
            strip("90d", "last 90 days, one mark per day", address.isRecent, { isRecent: true }),
          ]}
        />
      </header>
      {shown.length === 0
        ? <NoSeries address={address} place={placeOf(address, series)} />
        : (
          <ul class="coverage">
            {bySymbol(shown).map((own) => (
              <li key={seriesName(own[0]!)}>
                <h3>
                  {own[0]!.symbol}
                  <small>{sinceText(own)}</small>
                </h3>
                <ul>{own.map((one) => <Cell key={one.interval} one={one} scale={scale} />)}</ul>
              </li>
            ))}
          </ul>
        )}
      <SeriesPager address={address} series={series} />
    </section>
  );

  function strip(name: string, title: string, isCurrent: boolean, change: Partial<StatusAddress>) {
    return { name, title, isCurrent, href: statusHref(address, change, "coverage") };
  }
}

function placeOf(address: StatusAddress, { total }: SeriesPage): NumberedPage {
  const href = (to: number) => statusHref(address, { seriesPage: to }, "coverage");
  return { page: address.seriesPage, size: SERIES_PAGE, total, href };
}

interface NoSeriesProps {
  readonly address: StatusAddress;
  readonly place: NumberedPage;
}

function NoSeries({ address, place }: NoSeriesProps) {
  return (
    <p class="nothing">
      {place.total > 0 ? <PastEnd {...place} /> : "No series match the filter."}{" "}
      <a href={filterHref(address, NO_FILTER, "coverage")}>All series</a>
    </p>
  );
}

function SeriesPager({ address, series }: CoverageCardProps) {
  const { shown, total } = series;
  const { seriesPage: page } = address;
  return (
    <Pager
      label="Pages of series"
      names={["Previous", "Next"]}
      {...pagerHrefs(placeOf(address, series))}
      where={pageText(page, SERIES_PAGE, shown.length, total)}
      jump={{
        name: "series",
        page,
        pages: Math.ceil(total / SERIES_PAGE),
        params: statusParams({ ...address, seriesPage: 1 }),
        part: "coverage",
      }}
    />
  );
}

/** Neighbours of one symbol together; in other orders a symbol may appear more than once. */
function bySymbol(shown: readonly ShownSeries[]): (readonly ShownSeries[])[] {
  const groups: ShownSeries[][] = [];
  for (const one of shown) {
    const last = groups.at(-1);
    if (last?.[0]?.symbol === one.symbol) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

function sinceText(own: readonly SeriesStatus[]): string {
  const known = own.flatMap(({ since, firstOpenTime }) => since ?? firstOpenTime ?? []);
  return known.length === 0 ? "" : `since ${toIso(Math.min(...known)).slice(0, 10)}`;
}

function Cell({ one, scale }: { readonly one: ShownSeries; readonly scale: StripScale }) {
  const label = `${seriesName(one)}: ${stripText(one.strip, scale)}`;
  return (
    <li class="cell">
      <CoverageStrip runs={one.strip} parts={scale.parts} label={label} />
      <p>
        <a href={chartHref(".", one)}>{one.interval}</a>
        <b>{one.coverage === undefined ? "–" : coverageText(one.coverage)}</b>
        <span>{numberText(one.rows, 0)} candles</span>
        <State one={one} />
      </p>
    </li>
  );
}

function State({ one: { state, gaps } }: { readonly one: SeriesStatus }) {
  const pending = gaps.find((gap) => gap.class === "pending")?.missing ?? 0;
  if (pending > 0 && state === "fresh") {
    return (
      <span class="state state-late">
        <Icon name="late" />
        {numberText(pending, 0)} pending
      </span>
    );
  }
  return (
    <span class={`state state-${state}`}>
      <Icon name={STATE_ICON[state]} />
      {STATE_WORD[state]}
    </span>
  );
}
