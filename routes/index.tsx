import { toHref } from "../lib/pages/components/site_href.ts";
import { define } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";

/** GET / → the charts. */
export const handler = define.handlers(byMethod({
  GET: ({ state }) => {
    const location = toHref(state.services.settings.basePath, "/charts");
    return new Response(null, { status: 302, headers: { location } });
  },
}));
