import { Head } from "fresh/runtime";
import type { AppError, ErrorCode } from "../../core/errors.ts";
import { chartHref } from "../components/href.ts";
import { WithCode } from "../components/WithCode.tsx";
import type { Interval } from "../../core/interval.ts";

const TITLE: Record<ErrorCode | "internal", string> = {
  invalid_input: "Invalid request",
  not_found: "Not found",
  method_not_allowed: "Method not allowed",
  rate_limited: "Rate-limited by Binance",
  exchange_unavailable: "No candles to show yet",
  exchange_refused: "Binance refused the request",
  bad_payload: "Binance sent an invalid response",
  store_unavailable: "The database is unavailable",
  gone: "No longer available",
  too_many: "Too many requests from your address",
  busy: "The server is busy",
  internal: "Internal error",
};

export interface ErrorPageProps {
  readonly status: number;
  /** `undefined` for an unexpected error, whose details are not shown. */
  readonly error: AppError | undefined;
  /** As requested, with its query. */
  readonly path: string;
  readonly requestId: string;
  readonly site: Site;
}

/** Maximum number of charts linked from an error page. */
const MAX_WAYS = 6;

/** Error, parameter, and links to continue. */
export function ErrorPage({ status, error, path, requestId, site }: ErrorPageProps) {
  const code = error?.code ?? "internal";
  const facts = [
    `${status} ${code}`,
    ...error?.param === undefined ? [] : [`parameter ${error.param}`],
    `request ${requestId}`,
  ];
  return (
    <main class="page" id="main">
      <Head>
        <title>{`${TITLE[code]} · wick`}</title>
      </Head>
      <section class="card failure" aria-labelledby="failure-title">
        <h1 id="failure-title">{TITLE[code]}</h1>
        <p>
          <WithCode
            text={`${error?.message ?? "The server log has the details under this request ID"}.`}
          />
        </p>
        <pre class="code">{`GET ${path}\n${facts.join("   ")}`}</pre>
        <WayOn site={site} againPath={status >= 500 ? path : undefined} />
      </section>
    </main>
  );
}

interface WayOnProps {
  readonly site: Site;
  readonly againPath: string | undefined;
}

function WayOn({ site: { basePath, symbols, intervals }, againPath }: WayOnProps) {
  const [interval] = intervals;
  if (interval === undefined) return null;
  return (
    <nav class="way-on" aria-label="Charts">
      {againPath !== undefined && <a class="button button-main" href={againPath}>Try again</a>}
      {symbols.slice(0, MAX_WAYS).map((symbol, i) => (
        <a
          key={symbol}
          class={`button ${i === 0 && againPath === undefined ? "button-main" : ""}`}
          href={chartHref(basePath, { symbol, interval })}
        >
          {symbol} {interval}
        </a>
      ))}
    </nav>
  );
}

/** Facts about the site for links on every page. */
interface Site {
  /** `""` or `/wick`. */
  readonly basePath: string;
  /** The first is shown by default. */
  readonly symbols: readonly string[];
  readonly intervals: readonly Interval[];
}
