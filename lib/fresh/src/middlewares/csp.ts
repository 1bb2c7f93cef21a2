import { INTERNALS } from "../context.ts";
import { nonceOf } from "../csp_nonce.ts";
import type { Middleware } from "../middleware.ts";

export interface CSPOptions {
  /** Report violations without blocking anything. */
  reportOnly?: boolean;
  /** Where browsers send their reports. */
  reportTo?: string;
  /** Directives added after the defaults. */
  csp?: string[];
  /** Allow the inline scripts and styles of rendered pages by a nonce. */
  useNonce?: boolean;
}

const DEFAULTS = [
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

const TAKES_NONCE = /^(?:default-src|script-src(?:-elem)?|style-src(?:-elem|-attr)?)\s/;

/** Sets a content security policy on every response that is not thrown. */
export function csp<State>(options: CSPOptions = {}): Middleware<State> {
  const { reportOnly = false, reportTo, csp = [], useNonce = false } = options;
  const directives = [...DEFAULTS, ...csp];
  if (reportTo) directives.push("report-to csp-endpoint", `report-uri ${reportTo}`);
  const policy = directives.join("; ");
  const header = reportOnly ? "Content-Security-Policy-Report-Only" : "Content-Security-Policy";

  return async (ctx) => {
    ctx[INTERNALS].wantsNonce ||= useNonce;
    const response = await ctx.next();
    const nonce = useNonce ? nonceOf(response) : undefined;
    response.headers.set(header, nonce === undefined ? policy : withNonce(directives, nonce));
    if (reportTo) response.headers.set("Reporting-Endpoints", `csp-endpoint="${reportTo}"`);
    return response;
  };
}

function withNonce(directives: string[], nonce: string): string {
  return directives.map((directive) =>
    TAKES_NONCE.test(directive)
      ? directive.replace("'unsafe-inline'", `'nonce-${nonce}'`)
      : directive
  ).join("; ");
}
