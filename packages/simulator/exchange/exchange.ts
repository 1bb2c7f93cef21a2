import type { EpochMs } from "../../../lib/core/time.ts";
import type { Answer, Incoming } from "../answer.ts";
import { bodyAnswer, jsonAnswer } from "../answer.ts";
import { ApiError } from "../../../lib/core/binance_params/api_error.ts";
import { parseTimeUnit } from "../../../lib/core/binance_params/time_unit.ts";
import { Params } from "../../../lib/core/binance_params/params.ts";
import type { ExchangeState } from "./route.ts";
import { ROUTES } from "./routes.ts";

/** Weight of paths that the exchange does not know. */
const UNKNOWN_WEIGHT = 1;

export function weightOf(request: Incoming): number {
  return ROUTES[request.path]?.weight(new Params(request.query)) ?? UNKNOWN_WEIGHT;
}

/** Everything below `/api` that no other provider answers. */
export function answerExchange(state: ExchangeState, request: Incoming, now: EpochMs): Answer {
  const route = ROUTES[request.path];
  if (route === undefined) return notFound(request);
  if (request.method !== "GET" && request.method !== "HEAD") {
    return jsonAnswer(
      { code: -1002, msg: `Request method '${request.method}' not supported` },
      405,
      {
        allow: "GET, HEAD",
      },
    );
  }
  try {
    const params = new Params(request.query);
    const unit = parseTimeUnit(request.header("x-mbx-time-unit"));
    return route.answer({ exchange: state, params, unit, now });
  } catch (error) {
    if (error instanceof ApiError) return jsonAnswer(error.toBody(), error.status);
    throw error;
  }
}

/** HTML only for who asks for it. */
function notFound(request: Incoming): Answer {
  if (request.header("accept")?.includes("text/html")) {
    return bodyAnswer("<html><head><title>404 Not Found</title></head></html>", 404, {
      "content-type": "text/html",
    });
  }
  return jsonAnswer({ status: 404, error: "Not Found", path: request.path }, 404);
}
