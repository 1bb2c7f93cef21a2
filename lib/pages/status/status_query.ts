import { z } from "zod";
import { findLook } from "../../core/chart_address.ts";
import {
  integerParam,
  intervalParam,
  parseQuery,
  symbolParam,
  timeParam,
} from "../../http/queries/query.ts";
import { FIRST_ORDER, HISTORY_STATES, SORT_KEYS } from "./series_list.ts";
import { SERIES_STATES } from "./series_status.ts";
import type { StatusAddress } from "./status_href.ts";

const GAP_CLASSES = ["pending", "exchange_outage", "not_listed", "delisted"] as const;
const ORDERS = ["asc", "desc"] as const;

const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `must be one of ${values.join(", ")}`);

const pageParam = integerParam(1, 1_000_000);
const MAX_TEXT = 40;

const querySchema = z.object({
  symbol: symbolParam.optional(),
  interval: intervalParam.optional(),
  class: oneOf(GAP_CLASSES).optional(),
  q: z.string().max(MAX_TEXT, `must have at most ${MAX_TEXT} characters`).optional(),
  quote: symbolParam.optional(),
  freshness: oneOf(SERIES_STATES).optional(),
  status: z.string().regex(/^[A-Z_]{1,40}$/, "must be a status in capitals, such as TRADING")
    .optional(),
  history: oneOf(HISTORY_STATES).optional(),
  sort: oneOf(SORT_KEYS).optional(),
  order: oneOf(ORDERS).optional(),
  series: pageParam.optional(),
  begin: timeParam.optional(),
  page: pageParam.optional(),
  restated: pageParam.optional(),
  before: integerParam(1, 2 ** 31 - 1).optional(),
  strip: z.enum(["all", "90d"], "must be all or 90d").optional(),
  refresh: integerParam(5, 3600).optional(),
});

/** Fields of the form of filters, which browsers also send when nothing is chosen. */
export const FORM_FIELDS = ["q", "quote", "interval", "status", "class", "history", "sort"];

/** @throws `invalid_input` for invalid parameters; unknown ones are ignored */
export function parseStatusQuery(params: URLSearchParams): StatusAddress {
  const given = new URLSearchParams(
    [...params].filter(([name, value]) => value !== "" || !FORM_FIELDS.includes(name)),
  );
  const query = parseQuery(given, querySchema, { allowsUnknown: true });
  return {
    filter: {
      symbol: query.symbol,
      text: query.q?.trim() || undefined,
      quote: query.quote,
      interval: query.interval,
      state: query.freshness,
      symbolStatus: query.status,
      class: query.class,
      history: query.history,
    },
    sort: query.sort,
    order: query.order ?? (query.sort === undefined ? "asc" : FIRST_ORDER[query.sort]),
    seriesPage: query.series ?? 1,
    isRecent: query.strip === "90d",
    gapsAt: query.begin,
    gapPage: query.page ?? 1,
    beforeRun: query.before,
    restatedPage: query.restated ?? 1,
    refresh: query.refresh,
    look: findLook(params),
  };
}
