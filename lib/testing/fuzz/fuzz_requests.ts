import assert from "node:assert/strict";
import fc from "fast-check";
import { ENDPOINTS } from "../../openapi/endpoints.ts";

/** A generated request. */
export interface FuzzRequest {
  readonly method: string;
  /** Includes the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** If it appears unescaped in a page, input was echoed as markup. */
const MARKUP = `<wick-echo a="b" c='d'>`;

const PAGES = ["/", "/charts", "/markets", "/universe", "/status", "/docs", "/openapi.json"];
const PATHS = [...PAGES, ...ENDPOINTS.map(({ path }) => path)];

/** All parameters of all routes, and some unknown ones. */
const NAMES = [
  ...new Set(ENDPOINTS.flatMap(({ query }) => Object.keys(query.shape))),
  "scale",
  "tz",
  "theme",
  "colors",
  "candles",
  "overlays",
  "pin",
  "view",
  "class",
  "page",
  "__proto__",
  "constructor",
  "toString",
  "Symbol",
  "SYMBOL",
  "sym bol",
  "",
];

/** Values with a meaning, alone or in the wrong place. */
const TELLING = [
  "BTCUSDT",
  "ETHUSDT",
  "btcusdt",
  "NOPEUSDT",
  "BTCUSDT,ETHUSDT",
  "BTCUSDT,",
  ",",
  "ΩUSDT",
  "1h",
  "4h",
  "1M",
  "1m",
  "7m",
  "1h,4h",
  "csv",
  "ndjson",
  "json",
  "binance",
  "parquet",
  "iso",
  "ms",
  "zip",
  "log",
  "local",
  "UTC",
  "dark",
  "blue",
  "sma20,ema50,rsi14",
  "pie",
  "1",
  "2024-01-01",
  "2024-01-03T00:00:00Z",
  "2024-01-02T05:30:00+05:30",
  "2024-02-30",
  "24:00",
  "1704067200000",
  "1704240000000",
  "1704067200",
  "0",
  "-1",
  "1e12",
  "9".repeat(30),
  "NaN",
  "500",
  "1000",
  "1001",
  "0x10",
  "1.5",
  '["BTCUSDT","ETHUSDT"]',
  "[]",
  "{}",
  "null",
  "%00",
  "\u0000",
  "\ud800",
  "' or 1=1 --",
  "../../etc/passwd",
  MARKUP,
  "",
  " ",
  "a".repeat(3000),
];

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TELLING) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
);

/** A query for a route, often close to a valid one. */
const query = (path: string) => {
  const own = Object.keys(ENDPOINTS.find((one) => one.path === path)?.query.shape ?? {});
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...own.length > 0 ? own : NAMES) },
    { weight: 1, arbitrary: fc.constantFrom(...NAMES) },
  );
  const start = fc.constantFrom("", "symbol=BTCUSDT&interval=1h", "symbol=ETHUSDT&interval=4h");
  const pairs = fc.array(fc.tuple(name, value), { maxLength: 4 });
  return fc.tuple(start, pairs).map(([first, rest]) => {
    const given = rest.map(([name, value]) => `${encode(name)}=${encode(value)}`);
    return [...first ? [first] : [], ...given].join("&");
  });
};

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

const headers = fc.record({
  "accept": fc.constantFrom("*/*", "text/html", "application/json", ""),
  "accept-encoding": fc.constantFrom("", "gzip", "br", "gzip;q=0", "*;q=x", "zstd, br;q=0.5"),
  "if-none-match": fc.constantFrom("*", '"x"', 'W/"x", "y"', "x", '"'),
  "if-range": fc.constantFrom('"x"', "Wed, 21 Oct 2015 07:28:00 GMT", "x"),
  "range": fc.constantFrom("bytes=0-99", "bytes=-5", "bytes=9999999-", "bytes=5-1", "lines=1", "b"),
  "last-event-id": fc.constantFrom("0", "1704067200000", "-1", "abc", "9".repeat(40)),
  "x-mbx-time-unit": fc.constantFrom("MICROSECOND", "microsecond", "FORTNIGHT"),
  "cookie": fc.constantFrom("theme=dark", "theme=<b>", "=;=", "a".repeat(2000)),
}, { requiredKeys: [] });

const method = fc.oneof(
  { weight: 12, arbitrary: fc.constant("GET") },
  { weight: 1, arbitrary: fc.constantFrom("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS") },
);

const path = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...PATHS) },
  {
    weight: 1,
    arbitrary: fc.string({ maxLength: 30 }).map((text) => `/${encodeURIComponent(text)}`),
  },
  { weight: 1, arbitrary: fc.constantFrom("/api", "/api/", "/export/", "/%ff", "//", "/charts/x") },
);

export const fuzzRequest: fc.Arbitrary<FuzzRequest> = path.chain((path) =>
  fc.record({
    method,
    headers,
    path: query(path).map((query) => query === "" ? path : `${path}?${query}`),
  })
);

/** Time limit of a response on a busy machine, after which it counts as hanging. */
const HANG_MS = 30_000;

/** Bytes read of an endless response. */
const ENDLESS = "text/event-stream";

/**
 * Checks what every response must satisfy: no 5xx except a documented 503, an end, and no part of
 * the request as markup. Returns its status.
 */
export async function requireSound(
  handler: (request: Request) => Promise<Response>,
  { method, path, headers }: FuzzRequest,
): Promise<number> {
  const abort = new AbortController();
  const request = new Request(`http://wick.test${path}`, {
    method,
    headers,
    signal: abort.signal,
  });
  const timer = setTimeout(() => abort.abort(), HANG_MS);
  try {
    const response = await Promise.race([handler(request), hang(abort.signal)]);
    const { status } = response;
    if (status >= 500 && status !== 503) assert.fail(`${status}: ${await response.text()}`);
    const type = response.headers.get("content-type") ?? "";
    if (type.startsWith(ENDLESS)) {
      await response.body?.cancel();
      return status;
    }
    const body = await Promise.race([response.text(), hang(abort.signal)]);
    if (status >= 400 && method !== "HEAD" && type.startsWith("application/json")) {
      requireFailureBody(JSON.parse(body));
    }
    if (type.startsWith("text/html")) assert.ok(!body.includes("<wick-echo"), "markup is echoed");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    return status;
  } finally {
    clearTimeout(timer);
  }
}

/** The error format of wick, of Binance, or of `/readyz`. */
function requireFailureBody(body: Record<string, unknown>): void {
  const isKnown = typeof (body.error as { message?: unknown })?.message === "string" ||
    typeof body.code === "number" && typeof body.msg === "string" ||
    body.status === "not ready";
  assert.ok(isKnown, JSON.stringify(body));
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(new Error(`no answer within ${HANG_MS} ms`)))
  );
}
