import type { EpochMs } from "../../../lib/core/time.ts";
import type { Answer } from "../answer.ts";
import type { Listings } from "../market/listings.ts";
import type { TimeUnit } from "../market/market.ts";
import type { CandleReader } from "../market/reader.ts";
import type { Params } from "../../../lib/core/binance_params/params.ts";

/** What the routes of the exchange read from. */
export interface ExchangeState {
  readonly listings: Listings;
  readonly reader: CandleReader;
  /** Request weight per minute and IP, as exchangeInfo states it. */
  readonly weightLimit: number;
}

export interface RouteContext {
  readonly exchange: ExchangeState;
  readonly params: Params;
  readonly unit: TimeUnit;
  readonly now: EpochMs;
}

export interface Route {
  /** Charged whether or not the request succeeds. */
  weight(params: Params): number;
  answer(context: RouteContext): Answer;
}
