import { numberText } from "../../core/text/number_text.ts";
import { Icon } from "../components/Icon.tsx";
import { toHref } from "../components/site_href.ts";
import type { UniverseData } from "./page_universe.ts";
import { dateText } from "./universe_href.ts";

export interface DayCardProps {
  readonly basePath: string;
  readonly data: UniverseData;
}

/** The number of symbols on a day, and their lists as files. */
export function DayCard({ basePath, data }: DayCardProps) {
  const { address: { quote, kind, look }, day, today, traded } = data;
  const at = dateText(day);
  const params = { at, quote };
  const kept = Object.entries({ quote, kind, ...look })
    .filter((entry): entry is [string, string] => entry[1] !== undefined);
  return (
    <section class="card" aria-labelledby="day-title">
      <header class="card-head">
        <h2 id="day-title">Symbols of a day</h2>
        <p>delisted ones included, for backtests without survivorship bias</p>
      </header>
      <form class="filter-form" method="get" action={toHref(basePath, "/universe")}>
        {kept.map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
        <label>
          Day, UTC
          <input type="date" name="at" value={at} min="2017-07-01" max={dateText(today)} required />
        </label>
        <button class="button" type="submit">Show</button>
        <p class="day-count">
          <b>{numberText(traded, 0)}</b> {quote === undefined ? "" : `${quote} `}
          {traded === 1 ? "symbol was" : "symbols were"} traded on {at}
        </p>
        <span class="day-links">
          <a class="button" href={toHref(basePath, "/api/universe", { ...params, format: "csv" })}>
            <Icon name="download" />CSV
          </a>
          <a class="button" href={toHref(basePath, "/api/universe", params)}>JSON</a>
        </span>
      </form>
    </section>
  );
}
