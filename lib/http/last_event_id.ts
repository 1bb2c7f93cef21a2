import { AppError } from "../core/errors.ts";
import { shiftOpen } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { type EpochMs, toIso } from "../core/time.ts";

/** Closes that are replayed at most: what one request for klines gives. */
export const MAX_REPLAY = 1_000;

/**
 * What a reader of server-sent events has seen last: the id that it was given, an open time.
 *
 * @throws `invalid_input` for what was never an id of ours
 */
export function lastEventId(request: Request): EpochMs | undefined {
  const id = request.headers.get("last-event-id");
  if (id === null || id === "") return undefined;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw new AppError(
    "invalid_input",
    `Header Last-Event-ID is ${
      JSON.stringify(id.slice(0, 60))
    }: it must be an open time in epoch ` +
      "milliseconds",
    { param: "Last-Event-ID" },
  );
}

/**
 * Checks that what follows `after` is short enough to be replayed, without reading any of it.
 *
 * @throws `gone` with the address that has the rest
 */
export function requireReplayable(
  { symbol, interval }: Series,
  after: EpochMs | undefined,
  closedTo: EpochMs,
): void {
  if (after === undefined || after >= shiftOpen(closedTo, interval, -MAX_REPLAY)) return;
  const start = describeTime(after + 1);
  const path = `/export?symbol=${encodeURIComponent(symbol)}&interval=${interval}&from=${start}`;
  throw new AppError(
    "gone",
    `Cannot replay closes of ${seriesName({ symbol, interval })} after ${describeTime(after)}: ` +
      `at most ${MAX_REPLAY} candles are replayed. Get them with ${path}, then reconnect with ` +
      "the last of them, or without Last-Event-ID",
    { param: "Last-Event-ID" },
  );
}

/** ISO 8601, or the number itself where it lies beyond all dates. */
function describeTime(time: EpochMs): string {
  return Math.abs(time) <= 8.64e15 ? toIso(time) : String(time);
}
