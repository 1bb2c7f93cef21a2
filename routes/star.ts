import { z } from "zod";
import { AppError } from "../lib/core/errors.ts";
import { favouritesCookie, findFavourites, MAX_FAVOURITES } from "../lib/core/favourites.ts";
import { invalidParameter } from "../lib/core/parameter_rules.ts";
import { type ProxyOptions, publicOrigin } from "../lib/http/client_address.ts";
import { define } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";
import { parseQuery, symbolParam } from "../lib/http/queries/query.ts";
import { readDirectory } from "../lib/pages/charts/symbols/symbol_directory.ts";
import { toHref } from "../lib/pages/components/site_href.ts";

const querySchema = z.object({
  add: symbolParam.exactOptional(),
  remove: symbolParam.exactOptional(),
});

/**
 * POST /star?add=BTCUSDT or ?remove=BTCUSDT → the page that the request comes from, and the
 * changed favourites as a cookie. Nothing is stored here.
 */
export const handler = define.handlers(byMethod({
  async POST({ req, url, state: { services } }) {
    if (!isFromHere(req, url, services.settings.proxy)) throw fromElsewhere();
    const change = parseQuery(url.searchParams, querySchema);
    const { bySymbol } = await readDirectory(services);
    const known = findFavourites(req.headers.get("cookie")).filter((one) => bySymbol.has(one));
    const marked = applyChange(known, change, bySymbol);
    const { basePath } = services.settings;
    return new Response(null, {
      status: 303,
      headers: {
        "location": toHref(basePath, pageOf(req)),
        "set-cookie": favouritesCookie(marked, basePath),
        "cache-control": "no-store",
      },
    });
  },
}));

function applyChange(
  favourites: readonly string[],
  { add, remove }: z.output<typeof querySchema>,
  collected: ReadonlyMap<string, unknown>,
): readonly string[] {
  if (add === undefined && remove === undefined) throw invalidParameter("add", "is missing");
  const others = favourites.filter((symbol) => symbol !== add && symbol !== remove);
  if (add === undefined) return others;
  const param = { param: "add" };
  if (!collected.has(add)) {
    throw new AppError("not_found", `Cannot find symbol ${add}: it is not collected`, param);
  }
  if (others.length < MAX_FAVOURITES) return [...others, add];
  const problem = `there are ${MAX_FAVOURITES}, the maximum. Remove one first`;
  throw new AppError("invalid_input", `Cannot add ${add} to the favourites: ${problem}`, param);
}

/**
 * False for a form on another site. Browsers send `Sec-Fetch-Site` over HTTPS and to this machine,
 * and the origin of a form always.
 */
function isFromHere(req: Request, url: URL, proxy: ProxyOptions): boolean {
  const site = req.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = req.headers.get("origin");
  // Without the scheme, which a proxy that is not trusted can change.
  const host = URL.parse(publicOrigin(req, url, proxy))?.host;
  return origin === null || URL.parse(origin)?.host === host;
}

function fromElsewhere(): AppError {
  return new AppError(
    "invalid_input",
    "Cannot change the favourites: the request comes from another site, not from a page of wick",
  );
}

/** Path and query of the page that the form is on, below the base path. */
function pageOf(req: Request): string {
  const referrer = req.headers.get("referer") ?? "";
  const { pathname, search } = URL.parse(referrer) ?? new URL("x:/charts");
  return pathname.endsWith("/symbols") ? `/symbols${search}` : `/charts${search}`;
}
