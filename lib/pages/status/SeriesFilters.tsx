import { livePart } from "../../chart/page_names.ts";
import { type Interval, INTERVALS } from "../../core/interval.ts";
import { numberText } from "../../core/text/number_text.ts";
import { SegmentedLinks } from "../components/SegmentedLinks.tsx";
import { toHref } from "../components/site_href.ts";
import { HISTORY_STATES, isFiltered, type SortKey } from "./series_list.ts";
import { CLASS_WORD, SERIES_STATES, STATE_WORD } from "./series_status.ts";
import type { SeriesSummary } from "./series_summary.ts";
import { filterHref, NO_FILTER, type StatusAddress, statusParams } from "./status_href.ts";
import { FORM_FIELDS } from "./status_query.ts";

export interface SeriesFiltersProps {
  readonly address: StatusAddress;
  readonly summary: SeriesSummary;
  readonly intervals: readonly Interval[];
  /** Number of series that match. */
  readonly matching: number;
}

const SORT_WORD: Record<SortKey, string> = {
  symbol: "symbol",
  first: "first candle",
  newest: "newest candle",
  candles: "candles",
  coverage: "coverage",
  gaps: "missing candles",
  remaining: "remaining history",
};

/** Filters of the list of series and of the gaps, and the order of the series. */
export function SeriesFilters(props: SeriesFiltersProps) {
  const { address, summary, matching } = props;
  const { filter } = address;
  const count = (value: number) => numberText(value, 0);
  return (
    <section class="card" id="series-filters" aria-labelledby="series-filters-title">
      <header class="card-head">
        <h2 id="series-filters-title">Series</h2>
        <p {...livePart("matching")}>
          {isFiltered(filter)
            ? `${count(matching)} of ${count(summary.total)} match`
            : count(summary.total)}
        </p>
        {filter.symbol !== undefined && (
          <a class="button" href={filterHref(address, { symbol: undefined }, "coverage")}>
            {filter.symbol} only <span aria-hidden="true">×</span>
            <span class="unseen">, show all symbols</span>
          </a>
        )}
        {isFiltered(filter) && (
          <a class="button push" href={filterHref(address, NO_FILTER, "coverage")}>All series</a>
        )}
      </header>
      <div class="filters" {...livePart("states")}>
        <StateLinks {...props} />
      </div>
      <FilterForm {...props} />
    </section>
  );
}

function StateLinks({ address, summary }: SeriesFiltersProps) {
  const { total, states } = summary;
  const { state: current } = address.filter;
  const present = SERIES_STATES.filter((state) => states[state] > 0 || state === current);
  const link = (state: typeof present[number] | undefined, name: string, count: number) => ({
    name: `${name} ${numberText(count, 0)}`,
    title: `${name} series`,
    isCurrent: state === current,
    href: filterHref(address, { state }, "coverage"),
  });
  return (
    <SegmentedLinks
      label="Freshness"
      class="scrolling"
      links={[
        link(undefined, "All", total),
        ...present.map((state) => link(state, STATE_WORD[state], states[state])),
      ]}
    />
  );
}

function FilterForm({ address, summary, intervals }: SeriesFiltersProps) {
  const { filter, sort } = address;
  const others = statusParams({ ...address, seriesPage: 1, gapPage: 1, gapsAt: undefined })
    .filter(([name]) => !FORM_FIELDS.includes(name) && name !== "order");
  const shown = INTERVALS.filter((one) => intervals.includes(one) || summary.rowsOf.has(one));
  return (
    <form
      class="filter-form"
      method="get"
      action={`${toHref(".", "/status")}#coverage`}
      role="search"
      aria-label="Series"
    >
      {others.map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
      <label class="filter-text">
        Symbol contains
        <input type="search" name="q" value={filter.text} maxlength={40} autocomplete="off" />
      </label>
      <Choice name="quote" label="Quote" value={filter.quote} values={summary.quotes} />
      <Choice name="interval" label="Interval" value={filter.interval} values={shown} />
      <Choice
        name="status"
        label="Symbol status"
        value={filter.symbolStatus}
        values={summary.symbolStatuses}
      />
      <Choice
        name="class"
        label="Gaps"
        value={filter.class}
        values={summary.gaps.map((gap) => gap.class)}
        words={CLASS_WORD}
      />
      <Choice name="history" label="History" value={filter.history} values={HISTORY_STATES} />
      <Choice
        name="sort"
        label="Sort by"
        value={sort}
        values={Object.keys(SORT_WORD)}
        words={SORT_WORD}
        none="configuration"
      />
      <button type="submit" class="button">Apply</button>
    </form>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly values: readonly string[];
  readonly words?: Readonly<Record<string, string>>;
  /** The choice of no value. */
  readonly none?: string;
}

function Choice({ name, label, value, values, words, none = "all" }: ChoiceProps) {
  const options = value === undefined || values.includes(value) ? values : [...values, value];
  return (
    <label>
      {label}
      <select name={name}>
        <option value="">{none}</option>
        {options.map((one) => (
          <option key={one} value={one} selected={one === value}>{words?.[one] ?? one}</option>
        ))}
      </select>
    </label>
  );
}
