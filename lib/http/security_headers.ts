import type { Context } from "fresh";
import { publicScheme } from "./client_address.ts";
import type { State } from "./define.ts";

/**
 * Nothing from elsewhere, nothing inline but Fresh's one boot script by its nonce. No
 * `upgrade-insecure-requests`: wick is at home on plain-http networks. `data:` and `blob:` images
 * are Plotly's picture export.
 */
const PAGE_POLICY = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'self'${nonce && ` 'nonce-${nonce}'`}`,
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

/** A year; other names below this one are not wick's to decide about. */
const TRANSPORT_POLICY = "max-age=31536000";

/** Runs outside of Fresh's own `csp` middleware, which knows the nonce but allows more than we do. */
export async function setSecurityHeaders(ctx: Context<State>): Promise<Response> {
  const response = await ctx.next();
  const { headers } = response;
  const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
  const nonce = /'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1] ?? "";
  headers.set("content-security-policy", isPage ? PAGE_POLICY(nonce) : DATA_POLICY);
  headers.set("x-content-type-options", "nosniff");
  if (publicScheme(ctx.req, ctx.url, ctx.state.services.settings.proxy) === "https") {
    headers.set("strict-transport-security", TRANSPORT_POLICY);
  }
  headers.set("referrer-policy", "same-origin");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("permissions-policy", "camera=(), geolocation=(), microphone=()");
  return response;
}
