import { page } from "fresh";
import { define } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";
import { chartHref } from "../lib/pages/components/href.ts";
import { SymbolsPage } from "../lib/pages/charts/symbols/SymbolsPage.tsx";
import {
  parseSymbolsQuery,
  readSymbolsPage,
  type SymbolsData,
} from "../lib/pages/charts/symbols/page_symbols.ts";

/** GET /symbols[?search=bitcoin&after=BTCUSDT] and the parameters of a chart, which links keep. */
export const handler = define.handlers(byMethod<SymbolsData>({
  async GET({ url, state: { services, favourites } }) {
    const query = parseSymbolsQuery(url.searchParams);
    const data = await readSymbolsPage(services, query, favourites);
    if (data.exact !== undefined) {
      const location = chartHref(services.settings.basePath, {
        ...query.address,
        symbol: data.exact,
      });
      return new Response(null, { status: 302, headers: { location } });
    }
    return page(data, { headers: { "cache-control": "no-cache" } });
  },
}));

export default define.page<typeof handler>(({ data, state }) => (
  <SymbolsPage data={data} basePath={state.services.settings.basePath} />
));
