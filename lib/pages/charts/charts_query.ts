import { AppError } from "../../core/errors.ts";
import { z } from "zod";
import {
  findOverlay,
  inOrder,
  MAX_OVERLAYS,
  MAX_PERIOD,
  MIN_PERIOD,
  type Overlay,
} from "../../chart/model/overlay.ts";
import {
  CANDLE_FILLS,
  type ChartAddress,
  FIXED_THEMES,
  PALETTES,
  SCALES,
  ZONES,
} from "../components/href.ts";
import { requireRange } from "../../core/parameter_rules.ts";
import type { Settings } from "../../http/define.ts";
import {
  integerParam,
  intervalParam,
  parseQuery,
  symbolParam,
  timeParam,
} from "../../http/query.ts";

const MAX_PAGE = 1000;

const OVERLAYS_RULE = `must be at most ${MAX_OVERLAYS} of smaN, emaN, bbN, rsiN, vwap, N from ` +
  `${MIN_PERIOD} to ${MAX_PERIOD}, separated by commas, such as sma20,ema50`;

const overlaysParam = z.string().transform((text, ctx): readonly Overlay[] => {
  const found = text.split(",").map(findOverlay);
  const overlays = inOrder(found.filter((overlay) => overlay !== undefined));
  if (found.includes(undefined) || overlays.length > MAX_OVERLAYS) {
    ctx.addIssue({ code: "custom", message: OVERLAYS_RULE });
    return z.NEVER;
  }
  return overlays;
});

const schema = z.object({
  symbol: symbolParam.optional(),
  interval: intervalParam.optional(),
  from: timeParam.optional(),
  to: timeParam.optional(),
  scale: oneOf(SCALES),
  tz: oneOf(ZONES),
  theme: oneOf(FIXED_THEMES),
  colors: oneOf(PALETTES),
  candles: oneOf(CANDLE_FILLS),
  overlays: overlaysParam.optional(),
  pin: z.enum(["1"], "must be 1").optional(),
  page: integerParam(1, MAX_PAGE).optional(),
});

/** The parameters of a chart's URL. */
export const CHART_PARAMS = Object.keys(schema.shape);

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, `must be ${values.join(" or ")}`).optional();
}

/**
 * Parses a chart's URL, the inverse of `chartHref`.
 * @throws `invalid_input` for invalid parameters; unknown ones are ignored
 */
export function parseChartsQuery(
  params: URLSearchParams,
  symbols: readonly string[],
  { intervals }: Pick<Settings, "intervals">,
): ChartAddress {
  const { pin, symbol, interval, ...rest } = parseQuery(params, schema, { allowsUnknown: true });
  requireRange(rest);
  return {
    ...rest,
    symbol: symbol ?? firstOf(symbols),
    interval: interval ?? intervals[0]!,
    isPinned: pin !== undefined,
  };
}

/** @throws `exchange_unavailable` while no group of SYMBOLS has selected a symbol yet */
function firstOf([first]: readonly string[]): string {
  if (first !== undefined) return first;
  throw new AppError(
    "exchange_unavailable",
    "Cannot show a chart yet: SYMBOLS has only groups, and Binance's list of symbols has not been read",
    { retryAfterMs: 5_000 },
  );
}
