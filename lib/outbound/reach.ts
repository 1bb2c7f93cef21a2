/** The reason why an attempt got no usable answer from a host, for messages. */
export interface Trouble {
  /** A clause, such as `DNS lookup of data-api.binance.vision failed`. */
  readonly text: string;
  /** True if no connection was made, so that other requests to this host cannot work either. */
  readonly isHost: boolean;
}

/** Patterns of the HTTP client's error texts; the first match counts. */
const NETWORK: readonly (readonly [RegExp, (name: string, text: string) => string])[] = [
  [
    /dns error|failed to lookup|name or service not known/i,
    (name) => `DNS lookup of ${name} failed`,
  ],
  [/proxy/i, (name) => `the proxy refused the connection to ${name}`],
  [/connection refused/i, (name) => `${name} refused the connection`],
  [/unreachable|no route to host/i, (name) => `there is no network route to ${name}`],
  [
    /certificate/i,
    (name, text) => {
      const said = /certificate:? *([\w ]+)/i.exec(text)?.[1]?.trim();
      const detail = said === "Other" ? undefined : said; // no detail
      return `the TLS certificate of ${name} is not trusted${detail ? ` (${detail})` : ""}`;
    },
  ],
  [/tls|corrupt message|handshake|ssl/i, (name) => `the TLS connection to ${name} failed`],
  [/\(Connect\)|tcp connect/i, (name) => `no connection to ${name} could be opened`],
];

/** Describes an error of `fetch` without quoting the client's own text. */
export function describeNetworkFailure(
  cause: unknown,
  origin: string,
  timeoutMs: number,
): Trouble {
  const name = hostName(origin);
  if (cause instanceof Error && cause.name === "TimeoutError") {
    return { text: `${name} did not answer within ${timeoutMs / 1000} s`, isHost: false };
  }
  const text = textOf(cause);
  const match = NETWORK.find(([pattern]) => pattern.test(text));
  if (match !== undefined) return { text: match[1](name, text), isHost: true };
  if (/closed|reset|eof|broken pipe|incomplete|body/i.test(text)) {
    return { text: `${name} closed the connection`, isHost: false };
  }
  return { text: `the connection to ${name} failed`, isHost: false };
}

/** The client's message and its causes, without the requested URL. */
function textOf(cause: unknown): string {
  const parts: string[] = [];
  for (let error = cause; error instanceof Error; error = error.cause) parts.push(error.message);
  return parts.join(": ").replaceAll(/\(?https?:\/\/[^\s)]*\)?/g, "");
}

/** An origin's host, such as `data-api.binance.vision`. */
export function hostName(origin: string): string {
  return URL.parse(origin)?.host ?? origin;
}
