import type { EpochMs } from "../../../lib/core/time.ts";
import { type Answer, jsonAnswer } from "../answer.ts";

/** 429, with the seconds to wait. */
export function limitedAnswer(limit: number, waitMs: number): Answer {
  const msg = `Too much request weight used; current limit is ${limit} request weight per ` +
    "1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.";
  return jsonAnswer({ code: -1003, msg }, 429, { "retry-after": seconds(waitMs) });
}

/** 418, with the seconds to wait in the header and the end of the ban in the text. */
export function bannedAnswer(until: EpochMs, waitMs: number): Answer {
  const msg = `Way too much request weight used; IP banned until ${until}. ` +
    "Please use WebSocket Streams for live updates to avoid bans.";
  return jsonAnswer({ code: -1003, msg }, 418, { "retry-after": seconds(waitMs) });
}

function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

/** The same without the header that says for how long. */
export function withoutRetryAfter(answer: Answer): Answer {
  const { "retry-after": _, ...headers } = answer.headers;
  return { ...answer, headers };
}
