import { page } from "fresh";
import { asset, Head } from "fresh/runtime";
import { livePart } from "../lib/chart/page_names.ts";
import MarketShare from "../islands/MarketShare.tsx";
import PageRefresh from "../islands/PageRefresh.tsx";
import { utcText } from "../lib/core/text/time_text.ts";
import { MINUTE_MS } from "../lib/core/time.ts";
import { toCapRows } from "../lib/marketcap/cap_rows.ts";
import { pieCoinsOf } from "../lib/marketcap/coins.ts";
import { toCapView } from "../lib/pages/components/cap_view.ts";
import { chartHref } from "../lib/pages/components/href.ts";
import { toHref } from "../lib/pages/components/site_href.ts";
import { Icon } from "../lib/pages/components/Icon.tsx";
import { CoinTable } from "../lib/pages/markets/CoinTable.tsx";
import { HistoryCard } from "../lib/pages/markets/HistoryCard.tsx";
import { sortMarketRows, toMarketRows } from "../lib/pages/markets/market_rows.ts";
import {
  MARKET_VIEWS,
  type MarketsAddress,
  marketsHref,
} from "../lib/pages/markets/markets_href.ts";
import { ShareCard } from "../lib/pages/markets/ShareCard.tsx";
import { Unbroken } from "../lib/pages/components/Unbroken.tsx";
import { SegmentedLinks } from "../lib/pages/components/SegmentedLinks.tsx";
import { define } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";
import {
  type MarketsData,
  parseMarketsQuery,
  readMarkets,
} from "../lib/pages/markets/page_markets.ts";

/** Reload interval of the page. */
const REFRESH_S = 60;

/** GET /markets[?view=treemap&quote=EUR&range=1y&sort=price&order=asc] */
export const handler = define.handlers(byMethod<MarketsData>({
  async GET({ url, state: { services } }) {
    const address = parseMarketsQuery(url.searchParams);
    const headers = new Headers({ "cache-control": "no-cache" });
    if (address.refresh !== undefined) headers.set("refresh", String(address.refresh));
    return page(await readMarkets(services, address), { headers });
  },
}));

export default define.page<typeof handler>(function MarketsPage({ data, state }) {
  const { basePath, plotlyHref, intervals } = state.services.settings;
  const { address, rate, now } = data;
  const rows = toCapRows(data.caps, data);
  const interval = intervals[0]!;
  const links = new Map(
    data.coins.map(({ id, symbol }) => [id, chartHref(basePath, { symbol, interval })]),
  );
  const pieCoins = pieCoinsOf(data).map((coin) => ({
    ...coin,
    href: links.get(coin.id),
  }));
  const marketRows = toMarketRows({ ...data, rows });
  return (
    <main class="page markets" id="main">
      <Head>
        <title>Market caps · wick</title>
        <link key="page-styles" rel="stylesheet" href={toHref(basePath, asset("/markets.css"))} />
      </Head>
      <Title data={data} basePath={basePath} coins={pieCoins.length} />
      <MarketShare
        basePath={basePath}
        plotlyHref={plotlyHref}
        rows={rows}
        kind={address.view}
        rate={rate}
        quote={rate.quote}
        coins={pieCoins}
        serverTime={now}
      >
        <ShareCard
          kind={address.view}
          rate={rate}
          view={toCapView(pieCoins, rows, rate.quote)}
          now={now}
          pointed={undefined}
          isDrawn={false}
        >
          <div class="engine" />
        </ShareCard>
      </MarketShare>
      <CoinTable
        basePath={basePath}
        address={address}
        now={now}
        rows={sortMarketRows(marketRows, address)}
        interval={interval}
        unresolved={data.unresolved}
      />
      <HistoryCard basePath={basePath} address={address} history={data.history} />
    </main>
  );
});

const VIEW_WORDS = {
  pie: ["Pie", "Shares as a ring"],
  treemap: ["Treemap", "Areas of the size of each market cap, coloured by the change in 24 hours"],
  bars: ["Bars", "Shares as bars"],
} as const;

interface TitleProps {
  readonly data: MarketsData;
  readonly basePath: string;
  readonly coins: number;
}

function Title({ data: { address, caps, quoteChoices }, basePath, coins }: TitleProps) {
  const newest = caps.length === 0 ? undefined : Math.max(...caps.map(({ takenAt }) => takenAt));
  const quote = address.quote === "USD" ? undefined : address.quote;
  return (
    <div class="titled">
      <h1>Market caps</h1>
      <p {...livePart("snapshot")}>
        {coins} {coins === 1 ? "coin" : "coins"}, price × circulating supply.{" "}
        {newest === undefined ? "No snapshot yet" : (
          <Unbroken>
            Snapshot {utcText(Math.floor(newest / MINUTE_MS) * MINUTE_MS)}
          </Unbroken>
        )}
      </p>
      <div class="titled-end">
        <PageRefresh
          everyS={REFRESH_S}
          isRefreshing={address.refresh !== undefined}
          href={marketsHref(address, {
            refresh: address.refresh === undefined ? REFRESH_S : undefined,
          })}
        />
        <SegmentedLinks
          label="View"
          links={MARKET_VIEWS.map((view) => ({
            name: VIEW_WORDS[view][0],
            title: VIEW_WORDS[view][1],
            isCurrent: address.view === view,
            href: marketsHref(address, { view }),
          }))}
        />
        <QuoteForm address={address} choices={quoteChoices} />
        <a class="button" href={toHref(basePath, "/api/market-caps", { format: "csv", quote })}>
          <Icon name="download" />CSV
        </a>
        <a class="button" href={toHref(basePath, "/api/market-caps", { quote })}>API</a>
      </div>
    </div>
  );
}

interface QuoteFormProps {
  readonly address: MarketsAddress;
  readonly choices: readonly string[];
}

/** Chooses the asset of prices and market caps; works without script. */
function QuoteForm({ address, choices }: QuoteFormProps) {
  const { searchParams } = new URL(marketsHref(address, { quote: "USD" }), "http://page.invalid");
  return (
    <form class="quote-form" method="get" action="./markets">
      {[...searchParams].map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <select name="quote" aria-label="Asset of prices and market caps">
        {[...new Set([...choices, address.quote])].map((asset) => (
          <option key={asset} value={asset} selected={asset === address.quote}>{asset}</option>
        ))}
      </select>
      <button class="button" type="submit">Convert</button>
    </form>
  );
}
