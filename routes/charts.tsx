import { page } from "fresh";
import { define } from "../lib/http/define.ts";
import { publicOrigin } from "../lib/http/client_address.ts";
import { byMethod } from "../lib/http/methods.ts";
import { parseChartsQuery } from "../lib/pages/charts/charts_query.ts";
import { ChartsPage } from "../lib/pages/charts/layout/ChartsPage.tsx";
import { type ChartsData, readCharts } from "../lib/pages/charts/page_charts.ts";
import { stylePreload } from "../lib/pages/charts/paint_first.ts";

/** Reload interval of a page without candles. */
const REFRESH_S = "5";

/**
 * GET /charts?symbol=BTCUSDT&interval=4h[&from=…&to=…] and the other parameters of `chartParams`.
 */
export const handler = define.handlers(byMethod<ChartsData>({
  async GET({ url, state: { services, favourites } }) {
    const symbols = await services.symbols.read();
    const address = parseChartsQuery(url.searchParams, symbols, services.settings);
    const data = await readCharts(services, address, favourites);
    const headers = new Headers({
      "cache-control": "no-cache",
      link: stylePreload(services.settings.basePath, "/charts.css"),
    });
    if (data.extent === undefined) headers.set("refresh", REFRESH_S);
    return page(data, { headers });
  },
}));

export default define.page<typeof handler>(({ data, state, req, url }) => {
  const { settings } = state.services;
  const origin = publicOrigin(req, url, settings.proxy) + settings.basePath;
  return <ChartsPage data={data} settings={settings} origin={origin} />;
});
