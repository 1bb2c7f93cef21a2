import { livePart } from "../../chart/page_names.ts";
import { coverageText, numberText } from "../../core/number_text.ts";
import { seriesName } from "../../core/kline.ts";
import { toIso } from "../../core/time.ts";
import type { TimeRange } from "../../core/time.ts";
import { chartHref } from "../components/href.ts";
import { Icon } from "../components/Icon.tsx";
import { SegmentedLinks } from "../components/SegmentedLinks.tsx";
import { type StripRun, stripText } from "./coverage_runs.ts";
import { CoverageStrip, StripKey } from "./SeriesCoverage.tsx";
import { type SeriesStatus, STATE_ICON, STATE_WORD } from "./series_status.ts";
import { type StatusAddress, statusHref } from "./status_href.ts";

export interface CoverageCardProps {
  readonly address: StatusAddress;
  readonly series: readonly SeriesStatus[];
  readonly strips: ReadonlyMap<string, readonly StripRun[]>;
  readonly scale: { readonly range: TimeRange; readonly parts: number };
}

/** Every series over time, with its stored share. */
export function CoverageCard({ address, series, strips, scale }: CoverageCardProps) {
  const bySymbol = [...Map.groupBy(series, ({ symbol }) => symbol)];
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
      <ul class="coverage">
        {bySymbol.map(([symbol, own]) => (
          <li key={symbol}>
            <h3>
              {symbol}
              <small>{sinceText(own)}</small>
            </h3>
            <ul>
              {own.map((one) => (
                <Cell
                  key={one.interval}
                  one={one}
                  strips={strips}
                  scale={scale}
                />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );

  function strip(name: string, title: string, isCurrent: boolean, change: Partial<StatusAddress>) {
    return { name, title, isCurrent, href: statusHref(address, change, "coverage") };
  }
}

function sinceText(own: readonly SeriesStatus[]): string {
  const known = own.flatMap(({ since, firstOpenTime }) => since ?? firstOpenTime ?? []);
  return known.length === 0 ? "" : `since ${toIso(Math.min(...known)).slice(0, 10)}`;
}

interface CellProps extends Pick<CoverageCardProps, "strips" | "scale"> {
  readonly one: SeriesStatus;
}

function Cell({ one, strips, scale }: CellProps) {
  const name = seriesName(one);
  const runs = strips.get(name) ?? [];
  return (
    <li class="cell">
      <CoverageStrip runs={runs} parts={scale.parts} label={`${name}: ${stripText(runs, scale)}`} />
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
