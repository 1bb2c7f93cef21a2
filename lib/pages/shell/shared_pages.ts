import { gzipSync } from "node:zlib";
import type { Context } from "fresh";
import { findTheme } from "./theme.ts";
import type { State } from "../../http/define.ts";
import { publicOrigin } from "../../http/client_address.ts";
import { acceptsGzip } from "../../http/encoding.ts";
import { SHARED_PAGE } from "../../chart/page_names.ts";
import { findFavourites } from "../../core/favourites.ts";
import { isPagePath, listsSymbols } from "./page_paths.ts";

/** A rendered page with its headers. */
interface SharedPage {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: readonly (readonly [string, string])[];
  /** Compressed when the first client asks for it. */
  gzip?: Uint8Array<ArrayBuffer>;
}

/** A page may be one second old: concurrent requests then do not wait for a slow render. */
const LIFETIME = { freshMs: 750, staleMs: 250 };

/** A third faster than zlib's default of 6, for 0.3 % more bytes. */
const GZIP_LEVEL = 5;

/** Not shareable: an error page carries a request ID. */
class NotShared extends Error {
  constructor(readonly response: Response) {
    super();
  }
}

/** Renders and compresses a page once for all concurrent requests of the same page. */
export async function sharePages(ctx: Context<State>): Promise<Response> {
  const { answers, settings } = ctx.state.services;
  const { pathname } = new URL(ctx.req.url); // as received: `//charts` is redirected, not shared
  if (ctx.req.method !== "GET" || !isPagePath(pathname, settings)) return await ctx.next();
  const theme = findTheme(ctx.req.headers.get("cookie")) ?? "";
  const origin = publicOrigin(ctx.req, ctx.url, settings.proxy);
  const name = `page ${theme} ${origin} ${pathname}${ctx.url.search}`;
  const favourites = favouritesOf(ctx, pathname);
  const isForAll = ctx.req.headers.get("accept") === SHARED_PAGE;
  if (favourites.length > 0 && !isForAll) {
    ctx.state.favourites = favourites;
    return await answerOne(ctx);
  }
  let isOwn = false;
  try {
    const page = await answers.get(
      name,
      async () => {
        isOwn = true;
        return await toShared(await ctx.next());
      },
      LIFETIME,
    );
    // Requests with the same cookie can ask for another page.
    if (favourites.length === 0) ctx.state.reuse = { name, answer: page };
    return toResponse(ctx.req, page);
  } catch (error) {
    if (!(error instanceof NotShared)) throw error;
    return isOwn ? error.response : await ctx.next();
  }
}

/**
 * The favourites that a page lists first, unless a script requests it for the parts that are the
 * same for all readers: these requests share a page, with favourites or without.
 */
function favouritesOf({ req, state }: Context<State>, pathname: string): readonly string[] {
  const lists = listsSymbols(pathname, state.services.settings);
  return lists ? findFavourites(req.headers.get("cookie")) : [];
}

/** A page for one reader. It is not kept here, where it would displace those of many. */
async function answerOne(ctx: Context<State>): Promise<Response> {
  const response = await ctx.next();
  if (response.status !== 200) return response;
  const page = await toShared(response);
  return toResponse(ctx.req, { ...page, headers: page.headers.map(asPrivate) });
}

/** Other caches do not keep it for other readers either. */
function asPrivate([name, value]: SharedPage["headers"][number]): readonly [string, string] {
  if (name === "cache-control") return [name, `private, ${value}`];
  return [name, name === "vary" ? `${value}, cookie` : value];
}

function toResponse(request: Request, page: SharedPage): Response {
  return acceptsGzip(request) ? toGzip(page) : new Response(page.body, toInit(page));
}

async function toShared(response: Response): Promise<SharedPage> {
  if (response.status !== 200) throw new NotShared(response);
  response.headers.append("vary", "accept-encoding");
  return { body: await response.bytes(), headers: [...response.headers] };
}

function toGzip(page: SharedPage): Response {
  page.gzip ??= gzipSync(page.body, { level: GZIP_LEVEL });
  return new Response(page.gzip, toInit(page, ["content-encoding", "gzip"]));
}

function toInit({ headers }: SharedPage, ...own: [string, string][]): ResponseInit {
  return { headers: [...headers as [string, string][], ...own] };
}
