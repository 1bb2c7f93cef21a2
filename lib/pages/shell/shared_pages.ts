import type { Context } from "fresh";
import { findTheme } from "./theme.ts";
import type { State } from "../../http/define.ts";
import { publicOrigin } from "../../http/client_address.ts";
import { acceptsGzip } from "../../http/encoding.ts";
import { isPagePath } from "./page_paths.ts";
import { concat, splitGzip } from "./split_gzip.ts";

/** A page as it was rendered once, cut where its nonce stands. */
interface SharedPage {
  /** All but the policy, which is cut where the nonce stands; joined with another one it is whole. */
  readonly headers: readonly (readonly [string, string])[];
  readonly policy: readonly string[];
  /** The page with another nonce in that place. */
  readonly plain: (nonce: Uint8Array) => Uint8Array<ArrayBuffer>;
  readonly gzip: (nonce: Uint8Array) => Uint8Array<ArrayBuffer>;
}

/** A crowd is not kept waiting for a page that is a second younger, which takes long to render. */
const LIFETIME = { freshMs: 750, staleMs: 250 };

/** Not shareable: an error page carries a request ID, a page under `deno task dev` a second script. */
class NotShared extends Error {
  constructor(readonly response: Response) {
    super();
  }
}

/**
 * Renders and compresses a page once for all who ask for the same one at the same moment; each gets
 * a nonce of its own, so that none can be guessed.
 */
export async function sharePages(ctx: Context<State>): Promise<Response> {
  const { answers, settings } = ctx.state.services;
  const { pathname } = new URL(ctx.req.url); // as received: `//charts` is redirected, not shared
  if (ctx.req.method !== "GET" || !isPagePath(pathname, settings)) return await ctx.next();
  const theme = findTheme(ctx.req.headers.get("cookie")) ?? "";
  const origin = publicOrigin(ctx.req, ctx.url, settings.proxy);
  let isOwn = false;
  try {
    const page = await answers.get(
      `page ${theme} ${origin} ${pathname}${ctx.url.search}`,
      async () => {
        isOwn = true;
        return await toShared(await ctx.next());
      },
      LIFETIME,
    );
    return toResponse(page, acceptsGzip(ctx.req));
  } catch (error) {
    if (!(error instanceof NotShared)) throw error;
    return isOwn ? error.response : await ctx.next();
  }
}

async function toShared(response: Response): Promise<SharedPage> {
  const policy = response.headers.get("content-security-policy") ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  if (response.status !== 200 || nonce === undefined) throw new NotShared(response);
  const html = await response.text();
  const at = html.indexOf(nonce);
  const end = at + nonce.length;
  if (at < 0 || html.includes(nonce, end)) throw new NotShared(new Response(html, response));
  const [before, after] = [encoder.encode(html.slice(0, at)), encoder.encode(html.slice(end))];
  response.headers.delete("content-security-policy");
  response.headers.append("vary", "accept-encoding");
  return {
    headers: [...response.headers],
    policy: policy.split(nonce),
    plain: (nonce) => concat([before, nonce, after]),
    gzip: splitGzip(before, after),
  };
}

const encoder = new TextEncoder();

function toResponse({ headers, policy, plain, gzip }: SharedPage, isGzip: boolean): Response {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const own: [string, string][] = [
    ...headers as [string, string][],
    ["content-security-policy", policy.join(nonce)],
  ];
  if (isGzip) own.push(["content-encoding", "gzip"]);
  return new Response((isGzip ? gzip : plain)(encoder.encode(nonce)), { headers: own });
}
