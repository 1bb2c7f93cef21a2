import { jsonAnswer } from "../answer.ts";
import { answerExchangeInfo, timeIn } from "./exchange_info.ts";
import { answerKlines } from "./klines.ts";
import type { Params } from "../../../lib/core/binance_params/params.ts";
import type { Route } from "./route.ts";
import { countSymbols } from "../../../lib/core/binance_params/symbol_params.ts";
import { answerAveragePrice, answerDayTicker, answerPrice } from "./tickers.ts";

const klines: Route = { weight: () => 2, answer: answerKlines };

/** Everything the exchange answers, with the weights of rest-api.md. */
export const ROUTES: Readonly<Record<string, Route>> = {
  "/api/v3/ping": {
    weight: () => 1,
    answer({ params }) {
      params.refuseAll();
      return jsonAnswer({});
    },
  },
  "/api/v3/time": {
    weight: () => 1,
    answer({ params, now, unit }) {
      params.refuseAll();
      return jsonAnswer({ serverTime: timeIn(now, unit) });
    },
  },
  "/api/v3/exchangeInfo": { weight: () => 20, answer: answerExchangeInfo },
  "/api/v3/klines": klines,
  "/api/v3/uiKlines": klines,
  "/api/v3/ticker/price": {
    weight: (params) => params.peek("symbol") === undefined ? 4 : 2,
    answer: answerPrice,
  },
  "/api/v3/ticker/24hr": { weight: dayTickerWeight, answer: answerDayTicker },
  "/api/v3/avgPrice": { weight: () => 2, answer: answerAveragePrice },
};

function dayTickerWeight(params: Params): number {
  const count = countSymbols(params);
  if (count === 0 || count > 100) return 80;
  return count > 20 ? 40 : 2;
}
