import { nonceOf } from "../csp_nonce.ts";
import type { Middleware } from "../handlers.ts";

export interface CSPOptions {
  /** Allow the inline scripts and styles of rendered pages by a nonce. */
  useNonce?: boolean;
}

const DIRECTIVES = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "upgrade-insecure-requests",
];

/** Sets Fresh's content security policy on every response that is not thrown. */
export function csp<State>({ useNonce = false }: CSPOptions = {}): Middleware<State> {
  const policy = DIRECTIVES.join("; ");
  return async (ctx) => {
    const response = await ctx.next();
    const nonce = useNonce ? nonceOf(response) : undefined;
    const own = nonce === undefined
      ? policy
      : policy.replaceAll("'unsafe-inline'", `'nonce-${nonce}'`);
    response.headers.set("content-security-policy", own);
    return response;
  };
}
