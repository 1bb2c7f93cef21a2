import { gzipSync } from "node:zlib";
import type { Context } from "fresh";
import { findTheme } from "./theme.ts";
import type { State } from "../../http/define.ts";
import { publicOrigin } from "../../http/client_address.ts";
import { acceptsGzip } from "../../http/encoding.ts";
import { isPagePath } from "./page_paths.ts";

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
    ctx.state.reuse = { name, answer: page };
    return acceptsGzip(ctx.req) ? toGzip(page) : new Response(page.body, toInit(page));
  } catch (error) {
    if (!(error instanceof NotShared)) throw error;
    return isOwn ? error.response : await ctx.next();
  }
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
