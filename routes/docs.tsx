import { page } from "fresh";
import { asset, Head } from "fresh/runtime";
import CopyButton from "../islands/CopyButton.tsx";
import type { Series } from "../lib/core/kline.ts";
import type { Endpoint } from "../lib/openapi/endpoint.ts";
import { ENDPOINTS } from "../lib/openapi/endpoints.ts";
import { toParameters } from "../lib/openapi/parameters.ts";
import { toSnippets } from "../lib/pages/components/snippets.ts";
import { CodeBlock } from "../lib/pages/components/CodeBlock.tsx";
import { WithCode } from "../lib/pages/components/WithCode.tsx";
import { EndpointCard } from "../lib/pages/docs/EndpointCard.tsx";
import { toHref } from "../lib/pages/components/site_href.ts";
import { publicOrigin } from "../lib/http/client_address.ts";
import { define, type Settings } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";

/** Range of the examples: closed long ago, and stored by most instances with history. */
const RANGE = { from: "2024-01-01", to: "2024-02-01" };

/** GET /docs: the HTTP API documentation. */
export const handler = define.handlers(byMethod({
  GET: () => page(undefined, { headers: { "cache-control": "no-cache" } }),
}));

export default define.page(function DocsPage({ req, url, state }) {
  const { settings } = state.services;
  const { basePath } = settings;
  const site = publicOrigin(req, url, settings.proxy);
  const origin = `${site}${basePath}`;
  const series = exampleSeries(state.services.symbols.current(), settings);
  const groups = [...new Set(ENDPOINTS.map(({ group }) => group))];
  return (
    <main class="page docs" id="main">
      <Head>
        <title>API · wick</title>
        <link key="page-styles" rel="stylesheet" href={toHref(basePath, asset("/docs.css"))} />
      </Head>
      <nav class="docs-nav" aria-label="On this page">
        <a href="#start">Start here</a>
        <a href="#rules">Rules</a>
        {groups.map((group) => (
          <ul key={group} aria-label={group}>
            {ENDPOINTS.filter((one) => one.group === group).map(({ path }) => (
              <li key={path}>
                <a href={`#${idOf(path)}`}>{path}</a>
              </li>
            ))}
          </ul>
        ))}
      </nav>
      <div class="docs-body">
        <Start origin={origin} series={series} basePath={basePath} />
        <Rules />
        {groups.map((group) => (
          <section key={group} aria-labelledby={idOf(group)}>
            <h2 id={idOf(group)}>{group}</h2>
            {ENDPOINTS.filter((one) => one.group === group).map((endpoint) => (
              <Documented
                key={endpoint.path}
                endpoint={endpoint}
                series={series}
                basePath={basePath}
                origin={site}
                intervals={settings.intervals}
              />
            ))}
          </section>
        ))}
      </div>
    </main>
  );
});

interface StartProps {
  readonly origin: string;
  readonly series: Series;
  readonly basePath: string;
}

function Start({ origin, series, basePath }: StartProps) {
  return (
    <section aria-labelledby="start">
      <h1 id="start">The API</h1>
      <p class="docs-lead">
        All endpoints use GET, need no key and allow requests from any origin. Machine-readable
        description: <a href={toHref(basePath, "/openapi.json")}>openapi.json</a>.
      </p>
      <div class="snippets">
        {toSnippets({ origin, ...series, ...RANGE }).map(({ name, code, note }) => (
          <div class="card snippet" key={name}>
            <CodeBlock title={name} code={code}>
              <CopyButton text={code} what={`the ${name} example`} />
            </CodeBlock>
            {note !== undefined && (
              <p class="docs-note">
                <WithCode text={note} />
              </p>
            )}
          </div>
        ))}
      </div>
    </section>
  );
}

function Rules() {
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">Rules</h2>
      <ul class="card rules">
        <li>
          Times are epoch milliseconds or ISO 8601: <code>2024-01-01</code>,{" "}
          <code>2024-01-01T00:00:00Z</code>. Without a zone they are UTC. Ranges are half-open:{" "}
          <code>from</code> is inclusive, <code>to</code> is exclusive.
        </li>
        <li>
          Only closed candles are served, with the exchange's exact digits. A missing candle is an
          absent row: nothing is filled in, and <code>/api/gaps</code> gives the reason.
        </li>
        <li>
          A malformed, empty, repeated or unknown parameter is an error, never ignored:{" "}
          <code>
            {'{"error":{"code":"invalid_input","message":"…","param":"interval"}}'}
          </code>
        </li>
        <li>
          Only GET and HEAD are allowed; other methods get 405 with{" "}
          <code>Allow</code>. Paths with trailing or repeated slashes are redirected (308).
        </li>
        <li>
          Responses carry an <code>ETag</code>. Send it back as{" "}
          <code>If-None-Match</code>: an unchanged response is a 304 without a body.
        </li>
      </ul>
    </section>
  );
}

interface DocumentedProps {
  readonly endpoint: Endpoint;
  readonly series: Series;
  /** Collected here. */
  readonly intervals: Settings["intervals"];
  readonly basePath: string;
  readonly origin: string;
}

function Documented({ endpoint, series, intervals, basePath, origin }: DocumentedProps) {
  const { path, query, answers, headers = {}, example, needs } = endpoint;
  const isAnswered = needs === undefined || needs.some((interval) => intervals.includes(interval));
  const href = `${basePath}${path}${example ? `?${example(series)}` : ""}`;
  return (
    <EndpointCard
      {...endpoint}
      id={idOf(path)}
      parameters={toParameters(query)}
      types={answers.map(({ type }) => type)}
      headers={headers}
      exampleHref={isAnswered ? href : undefined}
    >
      <CopyButton text={`curl '${origin}${href}'`} what={`a curl command for ${path}`} />
    </EndpointCard>
  );
}

/** `/api/v3/klines` → `api-v3-klines`. */
function idOf(text: string): string {
  return text.toLowerCase().replaceAll(/\W+/g, "-").replace(/^-/, "");
}

/** A series that is kept here. */
function exampleSeries(symbols: readonly string[], { intervals }: Settings): Series {
  return {
    symbol: symbols.find((symbol) => symbol === "ETHUSDT") ?? symbols[0] ?? "ETHUSDT",
    interval: intervals.find((interval) => interval === "4h") ?? intervals[0] ?? "4h",
  };
}
