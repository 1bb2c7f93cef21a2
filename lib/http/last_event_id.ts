import { AppError } from "../core/errors.ts";
import type { EpochMs } from "../core/time.ts";

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
