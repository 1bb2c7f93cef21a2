import type { Context } from "fresh";
import { findTheme } from "../ui/theme.ts";
import type { State } from "./define.ts";
import { isPagePath } from "./page_paths.ts";

/** A page as it was rendered once, cut where its nonce stands. */
interface SharedPage {
  readonly headers: Headers;
  readonly nonce: string;
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
}

/** What is answered by itself: errors name their request, and are nobody else's. */
class NotShared extends Error {}

/**
 * Renders a page once for all who ask for the same one at the same moment; each gets a nonce of its
 * own, so that none can be guessed.
 */
export async function sharePages(ctx: Context<State>): Promise<Response> {
  const { answers, settings } = ctx.state.services;
  if (ctx.req.method !== "GET" || !isPagePath(ctx.url.pathname, settings)) return await ctx.next();
  const theme = findTheme(ctx.req.headers.get("cookie")) ?? "";
  let own: Response | undefined;
  try {
    const page = await answers.get(`page ${theme} ${ctx.url.href}`, async () => {
      own = await ctx.next();
      return await toShared(own);
    });
    return toResponse(page);
  } catch (error) {
    if (error instanceof NotShared) return own ?? await ctx.next();
    throw error;
  }
}

async function toShared(response: Response): Promise<SharedPage> {
  const policy = response.headers.get("content-security-policy") ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  if (response.status !== 200 || nonce === undefined) throw new NotShared();
  const encoder = new TextEncoder();
  const parts = (await response.text()).split(nonce).map((part) => encoder.encode(part));
  return { headers: response.headers, nonce, parts };
}

function toResponse({ headers, nonce, parts }: SharedPage): Response {
  const fresh = crypto.randomUUID().replaceAll("-", "");
  const own = new Headers(headers);
  own.set(
    "content-security-policy",
    headers.get("content-security-policy")!.replaceAll(nonce, fresh),
  );
  return new Response(joined(parts, new TextEncoder().encode(fresh)), { headers: own });
}

function joined(parts: SharedPage["parts"], between: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length + between.length * (parts.length - 1));
  let at = 0;
  parts.forEach((part, i) => {
    if (i > 0) bytes.set(between, (at += between.length) - between.length);
    bytes.set(part, (at += part.length) - part.length);
  });
  return bytes;
}
