import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { toPlainText } from "../core/text/plain_text.ts";
import type { EpochMs } from "../core/time.ts";
import { klineRowSchema } from "./binance_schema.ts";
import { toKline, toMs } from "./kline_row.ts";
import { requireSound } from "./kline_rules.ts";
import { parsePayload } from "./parse_payload.ts";

/** Source: github.com/binance/binance-spot-api-docs, web-socket-streams.md, "Kline streams". */
const eventSchema = z.object({
  e: z.literal("kline"),
  /** When it was sent. */
  E: z.int().min(0).optional(),
  k: z.looseObject({
    /** Open time. */
    t: z.unknown(),
    /** Close time. */
    T: z.unknown(),
    s: z.string().optional(),
    i: z.string().optional(),
    /** True if the candle has closed. */
    x: z.boolean().optional(),
  }),
});

/** A message of a kline stream. */
export interface KlineEvent {
  readonly kline: Kline;
  /** True if the exchange calls the candle closed. */
  readonly isClosed: boolean;
  readonly eventTime: EpochMs | undefined;
}

/** @throws `bad_payload` for an unknown or malformed message, or one of another series */
export function readKlineEvent(message: unknown, series: Series): KlineEvent {
  const what = `the stream of ${seriesName(series)}`;
  const { k, E } = parsePayload(eventSchema, message, what);
  if ((k.s ?? series.symbol) !== series.symbol || (k.i ?? series.interval) !== series.interval) {
    throw new AppError(
      "bad_payload",
      `Cannot read ${what}: the candle belongs to ${toPlainText(`${k.s} ${k.i}`, 40)}`,
    );
  }
  const row = [k.t, k["o"], k["h"], k["l"], k["c"], k["v"], k.T, k["q"], k["n"], k["V"], k["Q"]];
  const kline = toKline(parsePayload(klineRowSchema, [...row, "0"], what));
  requireSound([kline], series);
  return {
    kline,
    isClosed: k.x === true,
    eventTime: E === undefined ? undefined : toMs(E),
  };
}

/** Name of a series' stream. */
export function streamName({ symbol, interval }: Series): string {
  return `${symbol.toLowerCase()}@kline_${interval}`;
}

/** The same as part of an address; symbols may have letters beyond ASCII. */
export function streamPath({ symbol, interval }: Series): string {
  return `${encodeURIComponent(symbol.toLowerCase())}@kline_${interval}`;
}

/** True if the exchange announces that it will close the connection. */
export function isShutdown(message: unknown): boolean {
  return typeof message === "object" && message !== null && "e" in message &&
    message.e === "serverShutdown";
}
