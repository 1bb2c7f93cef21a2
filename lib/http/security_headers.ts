import { hash } from "node:crypto";
import type { Context } from "fresh";
import { publicScheme } from "./client_address.ts";
import type { State } from "./define.ts";

/**
 * Allows wick's own files, and inline nothing but Fresh's boot script. No
 * `upgrade-insecure-requests`: wick also runs on plain-http networks. `data:` and `blob:` images
 * are Plotly's picture export.
 */
const PAGE_POLICY = (hashes: readonly string[]) =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...hashes.map((digest) => `'sha256-${digest}'`)].join(" "),
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** One year, without `includeSubDomains`: other hosts of the domain may not belong to wick. */
const TRANSPORT_POLICY = "max-age=31536000";

/**
 * Runs outside Fresh's own `csp` middleware, which knows the nonce but allows more than wick does.
 */
export async function setSecurityHeaders(ctx: Context<State>): Promise<Response> {
  const response = await withPolicy(await ctx.next());
  const { headers } = response;
  headers.set("x-content-type-options", "nosniff");
  if (publicScheme(ctx.req, ctx.url, ctx.state.services.settings.proxy) === "https") {
    headers.set("strict-transport-security", TRANSPORT_POLICY);
  }
  headers.set("referrer-policy", "same-origin");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("permissions-policy", "camera=(), geolocation=(), microphone=()");
  return response;
}

async function withPolicy(response: Response): Promise<Response> {
  if (!response.headers.get("content-type")?.startsWith("text/html")) {
    response.headers.set("content-security-policy", DATA_POLICY);
    return response;
  }
  const nonce = /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "")?.[1];
  const page = hashScripts(await response.text(), nonce);
  // Headers given to the constructor would make Deno copy the body for a response that is not sent.
  const hashed = new Response(page.html, { status: response.status });
  for (const [name, value] of response.headers) hashed.headers.set(name, value);
  hashed.headers.set("content-security-policy", PAGE_POLICY(page.hashes));
  return hashed;
}

/**
 * Replaces the nonce by hashes, so that the page and its policy can be cached as they are. Only
 * scripts that carry the nonce are hashed: it is new for each render, so a script that got into the
 * page by other means cannot have it.
 */
export function hashScripts(
  html: string,
  nonce: string | undefined,
): { html: string; hashes: string[] } {
  if (nonce === undefined) return { html, hashes: [] };
  const attribute = ` nonce="${nonce}"`;
  const hashes = new Set<string>();
  let at = 0;
  while ((at = html.indexOf(attribute, at)) !== -1) {
    const start = html.indexOf(">", at) + 1;
    const isInline = html.startsWith("<script", html.lastIndexOf("<", at));
    if (isInline) {
      hashes.add(hash("sha256", html.slice(start, html.indexOf("</script", start)), "base64"));
    }
    at = start;
  }
  return { html: html.replaceAll(attribute, ""), hashes: [...hashes] };
}
