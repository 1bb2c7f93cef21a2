import { LONG, SHORT } from "./costly_store.ts";

/**
 * A request that costs the server much more than its client; `EACH` is replaced by a new time in
 * each.
 */
export interface CostlyRequest {
  readonly name: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For endless responses. */
  readonly readsForMs?: number;
}

const one = `symbol=${LONG.symbol}&interval=${LONG.interval}`;
const all = `symbol=${SHORT.slice(0, 200)}&interval=1h`;
const gzip = { "accept-encoding": "gzip" };
const plain = { "accept-encoding": "identity" };
const now = Math.floor(Date.now() / 3_600_000) * 3_600_000;

/** The most expensive GET requests, as measured. */
export const COSTLY: readonly CostlyRequest[] = [
  { name: "export-csv", path: `/export?${one}`, headers: plain },
  { name: "export-gzip", path: `/export?${one}`, headers: gzip },
  {
    name: "export-json-br",
    path: `/export?${one}&format=json`,
    headers: { "accept-encoding": "br" },
  },
  { name: "export-ndjson", path: `/export?${one}&format=ndjson`, headers: plain },
  { name: "export-parquet", path: `/export?${one}&format=parquet` },
  { name: "export-zip", path: `/export?${all}&archive=zip` },
  { name: "export-zip-parquet", path: `/export?${all}&archive=zip&format=parquet` },
  { name: "export-zip-checksum", path: `/export?${all}&archive=zip&checksum=1` },
  { name: "export-checksum", path: `/export?${one}&checksum=1` },
  {
    name: "export-range",
    path: `/export?${one}&from=EACH&to=${now - 60_000}`,
    headers: { ...plain, range: "bytes=0-0" },
  },
  {
    name: "export-as-of-304",
    path: `/export?${one}&as_of=EACH`,
    headers: { "if-none-match": "*" },
  },
  { name: "charts-fresh", path: `/charts?${one}&from=EACH` },
  { name: "candles-5000", path: `/api/candles?${one}&from=EACH&limit=5000` },
  { name: "ticker-24hr-all", path: "/api/v3/ticker/24hr" },
  { name: "exchange-info", path: "/api/v3/exchangeInfo" },
  { name: "status", path: "/status" },
  { name: "metrics", path: "/metrics" },
  {
    name: "live-replay",
    path: `/api/live?${one}`,
    headers: { "last-event-id": String(now - 900 * 60_000) },
    readsForMs: 2_000,
  },
  {
    name: "live-replay-all",
    path: `/api/live?${one}`,
    headers: { "last-event-id": "1" },
    readsForMs: 2_000,
  },
];
