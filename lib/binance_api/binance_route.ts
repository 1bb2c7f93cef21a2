import type { Context } from "fresh";
import { ApiError } from "../core/binance_params/api_error.ts";
import { Params } from "../core/binance_params/params.ts";
import { parseTimeUnit, type TimeUnit } from "../core/binance_params/time_unit.ts";
import { AppError } from "../core/errors.ts";
import type { Reuse } from "../http/answer_cache.ts";
import { clientAddress } from "../http/client_address.ts";
import type { Services, State } from "../http/define.ts";
import { inTurn } from "../http/turns.ts";
import { ERROR_STATUS, errorHeaders } from "../http/error_response.ts";
import { byMethod } from "../http/methods.ts";

export interface BinanceRequest {
  readonly params: Params;
  /** Unit of times in the answer. */
  readonly unit: TimeUnit;
  readonly services: Services;
}

export interface BinanceRoute {
  /** The exchange's request weight; reported, not enforced. */
  readonly weight: (params: Params) => number;
  /** The body. */
  readonly answer: (request: BinanceRequest) => Promise<string> | string;
}

/**
 * Makes a handler with Binance's errors and headers. Concurrent equal requests share one answer.
 */
export function binanceHandler(route: BinanceRoute): (ctx: Context<State>) => Promise<Response> {
  return byMethod({
    async GET(ctx) {
      const { url, req, info, state: { services } } = ctx;
      const params = new Params(url.search.slice(1));
      const charge = route.weight(params);
      const headers = new Headers({
        "content-type": "application/json;charset=UTF-8",
        "cache-control": "no-store",
      });
      const addHeaders: NonNullable<Reuse["addHeaders"]> = (own, request, { remoteAddr }) => {
        const address = clientAddress(request, remoteAddr, services.settings.proxy);
        const weight = String(services.servedWeight.charge(address, charge));
        own.set("x-mbx-used-weight", weight);
        own.set("x-mbx-used-weight-1m", weight);
      };
      addHeaders(headers, req, info);
      try {
        const unit = parseTimeUnit(req.headers.get("x-mbx-time-unit") ?? undefined);
        const name = `${unit} ${url.pathname}${url.search}`;
        const ask = () =>
          services.answers.get(name, async () => {
            return { body: await route.answer({ params, unit, services }), etag: "" };
          });
        if (charge >= EXPENSIVE) {
          const { body } = await inTurn(ctx, "requests", ask);
          return new Response(body, { headers });
        }
        const answer = await ask();
        ctx.state.reuse = { name, answer, addHeaders };
        return new Response(answer.body, { headers });
      } catch (error) {
        return refuse(error, headers);
      }
    },
  }) as (ctx: Context<State>) => Promise<Response>;
}

/** Weight from which a request counts as one for most of the stored data. */
const EXPENSIVE = 20;
/** -1001: Binance's error for a temporary internal failure. */
const DISCONNECTED = -1001;
const TOO_MANY_REQUESTS = -1003;

function refuse(error: unknown, headers: Headers): Response {
  if (error instanceof ApiError) {
    return Response.json(error.toBody(), { status: error.status, headers });
  }
  if (!(error instanceof AppError)) throw error;
  const code = error.code === "too_many" ? TOO_MANY_REQUESTS : DISCONNECTED;
  const body = { code, msg: error.message };
  const status = ERROR_STATUS[error.code];
  return Response.json(body, {
    status,
    headers: { ...Object.fromEntries(errorHeaders(error)), ...Object.fromEntries(headers) },
  });
}
