import type { z } from "zod";
import type { Interval } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";

/** A body that an endpoint may answer with. */
export interface Answer {
  /** Media type. */
  readonly type: string;
  /** Of JSON bodies. */
  readonly schema?: z.ZodType;
  /** Of bodies that are not JSON. */
  readonly text?: string;
}

/** An address of the HTTP API: what documentation says of it, and what its requests are parsed by. */
export interface Endpoint {
  /** Behind the base path. */
  readonly path: string;
  /** Shown together under this heading. */
  readonly group: "Candles" | "Data" | "Binance-compatible" | "Operation";
  /** What it answers, in a few words. */
  readonly summary: string;
  /** What the parameters alone do not say. */
  readonly description: string;
  /** The very schema that parses its requests. */
  readonly query: z.ZodObject;
  readonly answers: readonly Answer[];
  /** Own headers of its answers, with what they mean. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses of failures that it may answer with. */
  readonly failures: readonly FailureStatus[];
  /** Body of failures; wick's own unless said. */
  readonly failureSchema?: z.ZodType;
  /** A query that works where the series is held. */
  readonly example?: (series: Series) => string;
  /** Intervals of which one must be kept for the example to be answered; absent: any will do. */
  readonly needs?: readonly Interval[];
}

export type FailureStatus = 400 | 404 | 405 | 410 | 416 | 429 | 503;
