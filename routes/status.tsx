import { page } from "fresh";
import { asset, Head } from "fresh/runtime";
import { livePart } from "../lib/chart/page_names.ts";
import PageRefresh from "../islands/PageRefresh.tsx";
import { toHref } from "../lib/pages/components/site_href.ts";
import { Icon } from "../lib/pages/components/Icon.tsx";
import { BackfillCard } from "../lib/pages/status/cards/BackfillCard.tsx";
import { CoverageCard } from "../lib/pages/status/cards/CoverageCard.tsx";
import { FailingCard } from "../lib/pages/status/cards/FailingCard.tsx";
import { GapsCard } from "../lib/pages/status/cards/GapsCard.tsx";
import { HostsCard } from "../lib/pages/status/cards/HostsCard.tsx";
import { pagerHrefs, pageText, PastEnd } from "../lib/pages/status/Pager.tsx";
import { ProofsCard } from "../lib/pages/status/cards/ProofsCard.tsx";
import { RefusedFilesCard } from "../lib/pages/status/cards/RefusedFilesCard.tsx";
import { RunsCard } from "../lib/pages/status/cards/RunsCard.tsx";
import { SeriesTable } from "../lib/pages/status/SeriesTable.tsx";
import { SeriesFilters } from "../lib/pages/status/SeriesFilters.tsx";
import { STATE_ICON } from "../lib/pages/status/series_status.ts";
import { headlineOf, worstState } from "../lib/pages/status/series_summary.ts";
import { statusHref } from "../lib/pages/status/status_href.ts";
import { StatusFigures } from "../lib/pages/status/StatusFigures.tsx";
import { StorageCard } from "../lib/pages/status/cards/StorageCard.tsx";
import { VersionsCard } from "../lib/pages/status/cards/VersionsCard.tsx";
import { StreamsCard } from "../lib/pages/status/cards/StreamsCard.tsx";
import { ViewersCard } from "../lib/pages/status/cards/ViewersCard.tsx";
import { WeightCard } from "../lib/pages/status/cards/WeightCard.tsx";
import { define } from "../lib/http/define.ts";
import { requireKnown } from "../lib/http/known_symbols.ts";
import { byMethod } from "../lib/http/methods.ts";
import {
  readStatus,
  RUNS_PAGE,
  type StatusData,
  VERSIONS_PAGE,
} from "../lib/pages/status/page_status.ts";
import { parseStatusQuery } from "../lib/pages/status/status_query.ts";

/** Reload interval of the page. */
const REFRESH_S = 30;

/**
 * GET /status[?q&symbol&quote&interval&freshness&status&class&history&sort&order&series&strip&page
 * &begin&before&restated&refresh]
 */
export const handler = define.handlers(byMethod<StatusData>({
  async GET({ url, state: { services } }) {
    const address = parseStatusQuery(url.searchParams);
    const { symbol } = address.filter;
    await requireKnown(services, symbol === undefined ? [] : [symbol]);
    const data = await readStatus(services, address);
    const headers = new Headers({ "cache-control": "no-cache" });
    // Only on request: a page that reloads automatically disturbs readers.
    if (address.refresh !== undefined) headers.set("refresh", String(address.refresh));
    return page(data, { headers });
  },
}));

export default define.page<typeof handler>(function StatusPage({ data, state }) {
  const { basePath, intervals } = state.services.settings;
  const { address, summary, series, serverTime, now } = data;
  return (
    <main class="page status" id="main">
      <Head>
        <title>{`${headlineOf(summary)} · Status · wick`}</title>
        <link key="page-styles" rel="stylesheet" href={toHref(basePath, asset("/status.css"))} />
      </Head>
      <Title data={data} basePath={basePath} />
      <div {...livePart("figures")}>
        <StatusFigures
          summary={summary}
          newest={data.newest}
          serverTime={serverTime}
          database={data.size}
          revised={data.revisions.total}
          conflicts={data.conflicts.total}
        />
      </div>
      <FailingCard failing={data.failing} now={now} />
      <SeriesFilters
        address={address}
        summary={summary}
        intervals={intervals}
        matching={series.total}
      />
      <CoverageCard address={address} series={series} />
      <SeriesTable address={address} shown={series.shown} serverTime={serverTime} />
      <ProofsCard proofs={series.shown.flatMap(({ rollup }) => rollup ?? [])} />
      <div class="duo">
        <div class="column">
          <GapsCard
            address={address}
            list={data.gaps}
            classes={summary.gaps.map((gap) => gap.class)}
            intervals={intervals}
            symbols={data.symbols}
            now={now}
          />
          <RunsCard address={address} now={now} runs={data.runs} pageSize={RUNS_PAGE} />
          <Versions data={data} />
          <RefusedFilesCard files={data.refusals} />
        </div>
        <div class="column">
          <Machinery data={data} />
        </div>
      </div>
    </main>
  );
});

/** The exchange, the viewers, the remaining history and the storage. */
function Machinery({ data }: { readonly data: StatusData }) {
  const { address, summary, now } = data;
  return (
    <>
      <WeightCard budget={data.budget} now={now} />
      <HostsCard
        now={now}
        hosts={data.hosts}
        exchange={data.exchange}
        offsetMs={data.serverTime - now}
      />
      <StreamsCard streams={data.streams} now={now} />
      <ViewersCard watched={data.watched} />
      <BackfillCard address={address} rows={summary.rows} openHistory={summary.openHistory} />
      <StorageCard rowsOf={summary.rowsOf} size={data.size} machine={data.machine} now={now} />
    </>
  );
}

function Title({ data, basePath }: { readonly data: StatusData; readonly basePath: string }) {
  const { address, summary } = data;
  const worst = worstState(summary);
  return (
    <div class="titled">
      <h1>Status</h1>
      <p class={`headline state state-${worst}`} {...livePart("headline")} role="status">
        <Icon name={STATE_ICON[worst]} />
        {headlineOf(summary)}
      </p>
      <div class="titled-end">
        <PageRefresh
          everyS={REFRESH_S}
          isRefreshing={address.refresh !== undefined}
          href={statusHref(address, {
            refresh: address.refresh === undefined ? REFRESH_S : undefined,
          })}
        />
        <a class="button" href={toHref(basePath, "/api/series")}>/api/series</a>
      </div>
    </div>
  );
}

function Versions({ data: { address, revisions, conflicts } }: { readonly data: StatusData }) {
  const { restatedPage: page } = address;
  const place = {
    page,
    size: VERSIONS_PAGE,
    total: revisions.total,
    href: (to: number) => statusHref(address, { restatedPage: to }, "restated"),
  };
  return (
    <>
      <VersionsCard
        id="restated"
        title="Revised candles"
        note="newest first"
        nothing={revisions.total > 0
          ? <PastEnd {...place} />
          : "Binance has not revised any stored candle."}
        sides={["old", "new"]}
        versions={revisions}
        pager={{
          label: "Pages of revised candles",
          ...pagerHrefs(place),
          where: pageText(page, VERSIONS_PAGE, revisions.items.length, revisions.total),
        }}
      />
      <VersionsCard
        id="conflicts"
        title="Conflicts"
        note="a less reliable source has other values; the stored candle is kept"
        nothing="No source contradicts a stored candle."
        sides={["stored", "the other source"]}
        versions={conflicts}
        pager={undefined}
      />
    </>
  );
}
