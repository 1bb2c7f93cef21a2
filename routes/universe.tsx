import { page } from "fresh";
import { asset, Head } from "fresh/runtime";
import { numberText } from "../lib/core/text/number_text.ts";
import { define } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";
import { toHref } from "../lib/pages/components/site_href.ts";
import { DayCard } from "../lib/pages/universe/DayCard.tsx";
import { EventsCard } from "../lib/pages/universe/EventsCard.tsx";
import {
  parseUniverseQuery,
  readUniversePage,
  type UniverseData,
} from "../lib/pages/universe/page_universe.ts";

/** GET /universe[?at&quote&kind&page] */
export const handler = define.handlers(byMethod<UniverseData>({
  async GET({ url, state: { services } }) {
    const address = parseUniverseQuery(url.searchParams);
    const headers = { "cache-control": "no-cache" };
    return page(await readUniversePage(services, address), { headers });
  },
}));

export default define.page<typeof handler>(function UniversePage({ data, state }) {
  const { basePath } = state.services.settings;
  return (
    <main class="page status universe" id="main">
      <Head>
        <title>Universe · wick</title>
        <link key="page-styles" rel="stylesheet" href={toHref(basePath, asset("/status.css"))} />
      </Head>
      <div class="titled">
        <h1>Universe</h1>
        <p>{progressText(data)}</p>
      </div>
      <DayCard basePath={basePath} data={data} />
      <EventsCard data={data} />
    </main>
  );
});

function progressText({ symbols, pending }: UniverseData): string {
  const known = `${numberText(symbols, 0)} ${symbols === 1 ? "symbol" : "symbols"} of the exchange`;
  if (pending === 0) return `${known}, with the times during which they were traded`;
  return `${known}; the dates of ${numberText(pending, 0)} more are being looked up`;
}
