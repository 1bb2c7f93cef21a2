import type { Context } from "fresh";
import { findTheme } from "../ui/theme.ts";
import type { State } from "./define.ts";
import { publicOrigin } from "./client_address.ts";
import { acceptsGzip } from "./encoding.ts";
import { isPagePath } from "./page_paths.ts";
import { concat, splitGzip } from "./split_gzip.ts";

/** A page as it was rendered once, cut where its nonce stands. */
interface SharedPage {
  readonly headers: Headers;
  readonly nonce: string;
  /** The page with another nonce in that place. */
  readonly plain: (nonce: Uint8Array) => Uint8Array<ArrayBuffer>;
  readonly gzip: (nonce: Uint8Array) => Uint8Array<ArrayBuffer>;
}

/** A crowd is not kept waiting for a page that is a second younger. */
const STALE_MS = 750;

/** What is answered by itself: errors name their request, and are nobody else's. */
class NotShared extends Error {}

/**
 * Renders and compresses a page once for all who ask for the same one at the same moment; each gets
 * a nonce of its own, so that none can be guessed.
 */
export async function sharePages(ctx: Context<State>): Promise<Response> {
  const { answers, settings } = ctx.state.services;
  if (ctx.req.method !== "GET" || !isPagePath(ctx.url.pathname, settings)) return await ctx.next();
  const theme = findTheme(ctx.req.headers.get("cookie")) ?? "";
  const origin = publicOrigin(ctx.req, ctx.url, settings.proxy);
  let own: Response | undefined;
  try {
    const page = await answers.get(
      `page ${theme} ${origin} ${ctx.url.pathname}${ctx.url.search}`,
      async () => {
        own = await ctx.next();
        return await toShared(own);
      },
      STALE_MS,
    );
    return toResponse(page, acceptsGzip(ctx.req));
  } catch (error) {
    if (error instanceof NotShared) return own ?? await ctx.next(); // another's failure
    throw error;
  }
}

async function toShared(response: Response): Promise<SharedPage> {
  const policy = response.headers.get("content-security-policy") ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  if (response.status !== 200 || nonce === undefined) throw new NotShared();
  const html = await response.text();
  const at = html.indexOf(nonce);
  const end = at + nonce.length;
  if (at < 0 || html.includes(nonce, end)) throw new TypeError("A page has its nonce once");
  const encoder = new TextEncoder();
  const [before, after] = [encoder.encode(html.slice(0, at)), encoder.encode(html.slice(end))];
  return {
    headers: response.headers,
    nonce,
    plain: (nonce) => concat([before, nonce, after]),
    gzip: await splitGzip(before, after),
  };
}

function toResponse(page: SharedPage, isGzip: boolean): Response {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const bytes = (isGzip ? page.gzip : page.plain)(new TextEncoder().encode(nonce));
  const headers = new Headers(page.headers);
  const policy = headers.get("content-security-policy")!;
  headers.set("content-security-policy", policy.replaceAll(page.nonce, nonce));
  headers.append("vary", "accept-encoding");
  if (isGzip) headers.set("content-encoding", "gzip");
  return new Response(bytes, { headers });
}
