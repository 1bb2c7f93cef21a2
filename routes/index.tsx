import { toHref } from "../lib/ui/href.ts";
import { define } from "../lib/web/define.ts";
import { byMethod } from "../lib/web/methods.ts";

/** GET / → the charts. */
export const handler = define.handlers(byMethod({
  GET: ({ state }) => {
    const location = toHref(state.services.settings.basePath, "/charts");
    return new Response(null, { status: 302, headers: { location } });
  },
}));
