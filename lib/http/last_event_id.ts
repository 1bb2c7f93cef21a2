import { AppError } from "../core/errors.ts";
import { shiftOpen } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { type EpochMs, toIso } from "../core/time.ts";

/** Maximum replayed closes: one batch of klines. */
export const MAX_REPLAY = 1_000;

/**
 * Parses the last event ID that a client has received: an open time.
 * @throws `invalid_input` for anything that wick never sent as an ID
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
 * Checks that the candles after `after` are few enough to be replayed, without reading them.
 * @throws `gone` with the URL of the rest
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

/** ISO 8601, or the number itself outside the range of dates. */
function describeTime(time: EpochMs): string {
  return Math.abs(time) <= 8.64e15 ? toIso(time) : String(time);
}
