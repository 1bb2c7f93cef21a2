import assert from "node:assert/strict";
import fc from "fast-check";
import { fuzzRequest } from "./fuzz_requests.ts";

/** A request as bytes, any part of which may be invalid. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** Names with values, including repeated ones. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

const METHODS = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "PATCH",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "PRI",
  "get",
  "Get",
  "PROPFIND",
  "QUERY",
  "M-SEARCH",
  "X".repeat(500),
  "__proto__",
  "constructor",
  "G E T",
  "",
  "GET\t",
  "GÉT",
  "<wick-echo>",
  '"GET"',
  "\u0000",
  "GET\u0007",
];

const HOSTS = [
  "wick.test",
  "wick.test:8000",
  "127.0.0.1",
  "[::1]",
  "[::1]:80",
  "WICK.TEST",
  "a.b.c.d.e",
  "",
  " ",
  "a|b",
  "%",
  "%41",
  "a:99999",
  "a:-1",
  "a:b",
  "a:0",
  ":80",
  "[::1",
  "::1",
  "[]",
  "a/b",
  "a?b",
  "a#b",
  "a\\b",
  "a@b",
  "user:pass@wick.test",
  "<wick-echo>",
  "a b",
  "ä.test",
  "xn--nxasmq6b",
  "*",
  "..",
  "-",
  "_",
  "a,b",
  "http://wick.test",
  "\u0000",
  "wick.test.",
  "a".repeat(300),
  `${"a.".repeat(200)}test`,
  "1e3",
  "0x7f.1",
  "2130706433",
  "__proto__",
];

const VALUES = [
  "",
  " ",
  "*",
  "0",
  "-1",
  "1",
  "9".repeat(40),
  "NaN",
  "null",
  "{}",
  "[]",
  "a, b",
  '"',
  "'",
  "gzip, deflate",
  "gzip;q=2",
  "identity;q=0",
  "*;q=0",
  "bytes=0-0,5-9",
  "bytes=--",
  "ä",
  "%00",
  "<wick-echo>",
  "../../etc/passwd",
  "wick.test",
  "127.0.0.1, ::1",
  "https",
  "javascript:1",
  "Wed, 21 Oct 2099 07:28:00 GMT",
  "a".repeat(4_000),
  "a\tb",
  'W/"x',
];

const NAMES = [
  "Accept",
  "Accept-Encoding",
  "Accept-Language",
  "Authorization",
  "Cache-Control",
  "Cookie",
  "Content-Type",
  "Content-Length",
  "Content-Encoding",
  "Transfer-Encoding",
  "TE",
  "Trailer",
  "Connection",
  "Keep-Alive",
  "Upgrade",
  "Expect",
  "Range",
  "If-Range",
  "If-Match",
  "Date",
  "If-None-Match",
  "If-Modified-Since",
  "If-Unmodified-Since",
  "Last-Event-ID",
  "Origin",
  "Referer",
  "User-Agent",
  "Forwarded",
  "X-Forwarded-For",
  "X-Forwarded-Host",
  "Via",
  "X-Forwarded-Proto",
  "X-Forwarded-Port",
  "X-Forwarded-Prefix",
  "X-Real-IP",
  "Purpose",
  "X-MBX-APIKEY",
  "X-MBX-TIME-UNIT",
  "X-HTTP-Method-Override",
  "X-Original-URL",
  "Max-Forwards",
  "Sec-Fetch-Mode",
  "Sec-WebSocket-Key",
  "HTTP2-Settings",
  "traceparent",
  "tracestate",
  "baggage",
  "__proto__",
  "constructor",
  "a",
  "A".repeat(200),
];

const oddText = fc.string({ unit: "binary", maxLength: 30 }).map((text) =>
  text.replaceAll(/[\r\n]/g, "?")
);
const oneOf = (known: readonly string[], weight = 8) =>
  fc.oneof(
    { weight, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: oddText },
  );

/** Most parts of a request are valid: servers stop at the first invalid part. */
const method = fc.oneof(
  { weight: 6, arbitrary: fc.constant("GET") },
  { weight: 1, arbitrary: oneOf(METHODS) },
);
const host = oneOf(HOSTS, 20);
const hosts = fc.oneof(
  { weight: 5, arbitrary: fc.constant(["wick.test"]) },
  { weight: 1, arbitrary: fc.array(host, { maxLength: 2 }) },
);
const header = fc.tuple(oneOf(NAMES, 200), oneOf(VALUES, 100));

/** The forms of RFC 9112, and invalid ones. */
const target = fc.tuple(fuzzRequest, host, fc.integer({ min: 0, max: 39 }), oddText).map(
  ([{ path }, host, form, text]) => {
    if (form === 0) return `http://${host}${path}`;
    if (form === 1) return text;
    if (form === 2) return host;
    if (form === 3) return "*";
    return path;
  },
);

export const wireRequest: fc.Arbitrary<WireRequest> = fc.record({
  method,
  target,
  version: fc.oneof(
    { weight: 30, arbitrary: fc.constant("HTTP/1.1") },
    { weight: 1, arbitrary: fc.constantFrom("HTTP/1.0", "HTTP/2.0", "HTTP/9", "http/1.1", "") },
  ),
  headers: fc.tuple(hosts, fc.array(header, { maxLength: 3 })).map(([hosts, headers]) => [
    ...hosts.map((host) => ["Host", host] as const),
    ...headers,
  ]),
  body: fc.oneof(
    { weight: 6, arbitrary: fc.constant("") },
    {
      weight: 1,
      arbitrary: fc.constantFrom("{}", "a=b", "0\r\n\r\n", "zz\r\n", "GET / HTTP/1.1\r\n\r\n"),
    },
  ),
});

/** The request's bytes; the server closes the connection after the response. */
export function requestText({ method, target, version, headers, body }: WireRequest): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target} ${version}`, ...lines, "Connection: close", "", body].join("\r\n");
}

/**
 * Returns whether the response to `request` is complete: its body has the declared length, or there
 * is none. A server that expects a body keeps waiting for it.
 */
export function isWhole({ method }: WireRequest): (text: string, size: number) => boolean {
  return (text, size) => {
    const end = text.indexOf("\r\n\r\n") + 4;
    if (end < 4) return false;
    const head = text.slice(0, end);
    if (method === "HEAD" || /^HTTP\/1\.[01] (204|304) /.test(head)) return true;
    if (/^content-type: text\/event-stream/im.test(head)) return true; // it is endless
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    return length === undefined ? text.endsWith("\r\n0\r\n\r\n") : size >= end + Number(length);
  };
}

/**
 * Checks what every response must satisfy: no 5xx except 503, no stack trace, no part of the
 * request as markup. Returns its status; `undefined` for a connection closed without a response,
 * which is allowed for bytes that are not HTTP.
 */
export function requireSoundText(text: string): number | undefined {
  if (text === "") return undefined;
  const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(text)?.[1]);
  assert.ok(status >= 100, `no HTTP: ${text.slice(0, 200)}`);
  assert.ok(status < 500 || status === 503, `${status}: ${text.slice(0, 2_000)}`);
  assert.doesNotMatch(text, /\n\s+at .+\.(ts|tsx|js):\d+/, "a stack trace");
  const isPage = /^content-type: text\/html/im.test(text.slice(0, text.indexOf("\r\n\r\n")));
  if (isPage) assert.ok(!text.includes("<wick-echo>"), "markup is echoed");
  return status;
}
