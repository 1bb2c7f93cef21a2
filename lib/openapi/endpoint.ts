import type { z } from "zod";
import type { Interval } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";

/** A possible response body of an endpoint. */
export interface Answer {
  /** Media type. */
  readonly type: string;
  /** For JSON bodies. */
  readonly schema?: z.ZodType;
  /** For other bodies. */
  readonly text?: string;
}

/** An endpoint of the HTTP API: its documentation, and the schema that parses its requests. */
export interface Endpoint {
  /** Path below the base path. */
  readonly path: string;
  /** Heading of its group. */
  readonly group: "Candles" | "Data" | "Binance-compatible" | "Operation";
  /** Short description of the response. */
  readonly summary: string;
  /** Details beyond the parameters. */
  readonly description: string;
  /** The schema that parses its requests. */
  readonly query: z.ZodObject;
  readonly answers: readonly Answer[];
  /** Its own headers that every 200 has, with their meaning. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that a 200 has in the named case only. */
  readonly optionalHeaders?: Readonly<Record<string, string>>;
  /** Status codes of its errors. */
  readonly failures: readonly FailureStatus[];
  /** Error body; default: wick's own. */
  readonly failureSchema?: z.ZodType;
  /** A query that succeeds if the series is stored. */
  readonly example?: (series: Series) => string;
  /** Intervals of which at least one must be collected for the example; absent: any. */
  readonly needs?: readonly Interval[];
}

export type FailureStatus = 400 | 404 | 405 | 410 | 416 | 429 | 503;
