import { numberText } from "../../core/text/number_text.ts";
import { minuteText } from "../../core/text/time_text.ts";
import { DAY_MS } from "../../core/time.ts";
import type { Rename } from "../../core/universe/renames.ts";
import { Icon } from "../components/Icon.tsx";
import { SegmentedLinks } from "../components/SegmentedLinks.tsx";
import { Pager, pagerHrefs, pageText, PastEnd } from "../status/Pager.tsx";
import { EVENTS_PAGE, type UniverseData } from "./page_universe.ts";
import type { UniverseEvent } from "./universe_events.ts";
import { EVENT_KINDS, type UniverseAddress, universeHref } from "./universe_href.ts";

const HEADS = ["Symbol", "Event", "Time, UTC", "Traded", "Source", "Renamed"];
const KIND_WORDS = { listed: "Listed", delisted: "Delisted", renamed: "Renamed" };
const KIND_LINKS = { listed: "Listings", delisted: "Delistings", renamed: "Renames" };
const SOURCE_WORDS = {
  exchange: "Binance, to the minute",
  archive: "archive, to the day",
  stored: "stored candles only",
};
/** Quote assets in the filter, at most. */
const MAX_QUOTES = 12;

/** Listings and delistings by date. */
export function EventsCard({ data }: { readonly data: UniverseData }) {
  const { address, events } = data;
  const { page } = address;
  const where = pageText(page, EVENTS_PAGE, events.items.length, events.total);
  const place = {
    page,
    size: EVENTS_PAGE,
    total: events.total,
    href: (to: number) => universeHref(address, { page: to }, "events"),
  };
  return (
    <section class="card" id="events" aria-labelledby="events-title">
      <header class="card-head">
        <h2 id="events-title">Listings and delistings</h2>
        <p>newest first, {where}</p>
      </header>
      <EventFilters data={data} />
      {events.items.length === 0
        ? <p class="nothing">{events.total > 0 ? <PastEnd {...place} /> : nothingText(data)}</p>
        : (
          <div class="table-scroll cards">
            <table class="events">
              <caption class="unseen">Listings and delistings of symbols</caption>
              <thead>
                <tr>{HEADS.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
              </thead>
              <tbody>
                {events.items.map((event) => (
                  <Row key={`${event.record.symbol} ${event.kind} ${event.at}`} event={event} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      <Pager
        label="Pages of events"
        {...pagerHrefs(place)}
        where={where}
      />
    </section>
  );
}

function nothingText({ address, symbols }: UniverseData): string {
  if (address.quote !== undefined || address.kind !== undefined) {
    return "Nothing matches the filter.";
  }
  return symbols > 0
    ? "No listing is known yet."
    : "The symbols of the exchange have not been looked up yet; the next repair run does that.";
}

function Row({ event: { kind, at, record, life, rename } }: { readonly event: UniverseEvent }) {
  const days = life.delistedAt === undefined
    ? undefined
    : Math.max(1, Math.round((life.delistedAt - life.listedAt) / DAY_MS));
  return (
    <tr>
      <th scope="row">
        <b>{record.symbol}</b>
      </th>
      <td class="cell-state">
        <span class={`state state-${kind}`}>
          <Icon name={kind === "listed" ? "plus" : "minus"} />
          {KIND_WORDS[kind]}
        </span>
      </td>
      <td data-name="time">{minuteText(at)}</td>
      <td data-name="traded">
        {days === undefined
          ? "to this day"
          : `${numberText(days, 0)} ${days === 1 ? "day" : "days"}`}
      </td>
      <td data-name="source" class="cell-full">{SOURCE_WORDS[life.source]}</td>
      <td class="cell-full cell-why">
        {rename === undefined ? "" : renameText(record.symbol, rename)}
      </td>
    </tr>
  );
}

function renameText(symbol: string, { from, to, kind, reason }: Rename): string {
  const link = symbol === from ? `now ${to}` : `before ${from}`;
  return kind === "known" ? `${link}: ${reason}` : `perhaps ${link} (suggested): ${reason}`;
}

function EventFilters({ data: { address, quotes } }: { readonly data: UniverseData }) {
  const link = (name: string, change: Partial<UniverseAddress>, isCurrent: boolean) => ({
    name,
    title: name,
    isCurrent,
    href: universeHref(address, { ...change, page: 1 }, "events"),
  });
  const shown = quotes.slice(0, MAX_QUOTES);
  const own = address.quote === undefined || shown.includes(address.quote) ? [] : [address.quote];
  return (
    <div class="filters">
      <SegmentedLinks
        label="Event"
        class="scrolling"
        links={[
          link("All events", { kind: undefined }, address.kind === undefined),
          ...EVENT_KINDS.map((kind) => link(KIND_LINKS[kind], { kind }, address.kind === kind)),
        ]}
      />
      <SegmentedLinks
        label="Quote asset"
        class="scrolling"
        links={[
          link("All quote assets", { quote: undefined }, address.quote === undefined),
          ...[...own, ...shown].map((quote) => link(quote, { quote }, address.quote === quote)),
        ]}
      />
    </div>
  );
}
