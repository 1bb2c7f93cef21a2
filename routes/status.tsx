import { page } from "fresh";
import { asset, Head } from "fresh/runtime";
import { livePart } from "../lib/chart/page_names.ts";
import PageRefresh from "../islands/PageRefresh.tsx";
import { toHref } from "../lib/pages/components/site_href.ts";
import { Icon } from "../lib/pages/components/Icon.tsx";
import { BackfillCard } from "../lib/pages/status/BackfillCard.tsx";
import { CoverageCard } from "../lib/pages/status/CoverageCard.tsx";
import { FailingCard } from "../lib/pages/status/FailingCard.tsx";
import { GapsCard } from "../lib/pages/status/GapsCard.tsx";
import { HostsCard } from "../lib/pages/status/HostsCard.tsx";
import { pageText } from "../lib/pages/status/Pager.tsx";
import { RefusedFilesCard } from "../lib/pages/status/RefusedFilesCard.tsx";
import { RunsCard } from "../lib/pages/status/RunsCard.tsx";
import { SeriesTable } from "../lib/pages/status/SeriesTable.tsx";
import { headlineOf, STATE_ICON, worstState } from "../lib/pages/status/series_status.ts";
import { statusHref } from "../lib/pages/status/status_href.ts";
import { StatusFigures } from "../lib/pages/status/StatusFigures.tsx";
import { StorageCard } from "../lib/pages/status/StorageCard.tsx";
import { VersionsCard } from "../lib/pages/status/VersionsCard.tsx";
import { ViewersCard } from "../lib/pages/status/ViewersCard.tsx";
import { WeightCard } from "../lib/pages/status/WeightCard.tsx";
import { define } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";
import {
  GAPS_PAGE,
  parseStatusQuery,
  readStatus,
  RUNS_PAGE,
  type StatusData,
  VERSIONS_PAGE,
} from "../lib/pages/status/page_status.ts";

/** Reload interval of the page. */
const REFRESH_S = 30;

/** GET /status[?symbol&interval&class&page&before&restated&strip&refresh] */
export const handler = define.handlers(byMethod<StatusData>({
  async GET({ url, state: { services } }) {
    const address = parseStatusQuery(url.searchParams);
    const data = await readStatus(services, address);
    const headers = new Headers({ "cache-control": "no-cache" });
    // Only on request: a page that reloads automatically disturbs readers.
    if (address.refresh !== undefined) headers.set("refresh", String(address.refresh));
    return page(data, { headers });
  },
}));

export default define.page<typeof handler>(function StatusPage({ data, state }) {
  const { basePath, intervals } = state.services.settings;
  const { address, symbols, series, revisions, conflicts, size, machine, serverTime, now } = data;
  const classes = [
    ...new Set(series.flatMap(({ gaps }) => gaps.map((gap) => gap.class))),
  ].sort();
  return (
    <main class="page status" id="main">
      <Head>
        <title>{`${headlineOf(series)} · Status · wick`}</title>
        <link key="page-styles" rel="stylesheet" href={toHref(basePath, asset("/status.css"))} />
      </Head>
      <Title data={data} basePath={basePath} />
      <div {...livePart("figures")}>
        <StatusFigures
          series={series}
          serverTime={serverTime}
          database={size}
          revised={revisions.total}
          conflicts={conflicts.total}
        />
      </div>
      <FailingCard failing={data.failing} now={now} />
      <CoverageCard {...data} />
      <SeriesTable series={series} serverTime={serverTime} />
      <div class="duo">
        <div class="column">
          <GapsCard
            address={address}
            symbols={symbols}
            intervals={intervals}
            classes={classes}
            now={now}
            gaps={data.gaps}
            pageSize={GAPS_PAGE}
          />
          <RunsCard address={address} now={now} runs={data.runs} pageSize={RUNS_PAGE} />
          <Versions data={data} />
          <RefusedFilesCard files={data.refusals} />
        </div>
        <div class="column">
          <WeightCard budget={data.budget} now={now} />
          <HostsCard
            now={now}
            hosts={data.hosts}
            exchange={data.exchange}
            offsetMs={serverTime - now}
          />
          <ViewersCard watched={data.watched} />
          <BackfillCard series={series} left={data.backfill} />
          <StorageCard series={series} size={size} machine={machine} now={now} />
        </div>
      </div>
    </main>
  );
});

function Title({ data, basePath }: { readonly data: StatusData; readonly basePath: string }) {
  const { address, series } = data;
  const worst = worstState(series);
  return (
    <div class="titled">
      <h1>Status</h1>
      <p class={`headline state state-${worst}`} {...livePart("headline")} role="status">
        <Icon name={STATE_ICON[worst]} />
        {headlineOf(series)}
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
  const href = (page: number) => statusHref(address, { restatedPage: page }, "restated");
  return (
    <>
      <VersionsCard
        id="restated"
        title="Revised candles"
        note="newest first"
        nothing="Binance has not revised any stored candle."
        sides={["old", "new"]}
        versions={revisions}
        pager={{
          label: "Pages of revised candles",
          newerHref: page > 1 ? href(page - 1) : undefined,
          olderHref: page * VERSIONS_PAGE < revisions.total ? href(page + 1) : undefined,
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
