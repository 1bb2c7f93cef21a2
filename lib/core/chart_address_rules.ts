import { z } from "zod";
import {
  CANDLE_FILLS,
  CHART_TYPES,
  FIXED_THEMES,
  PALETTES,
  SCALES,
  ZONES,
} from "./chart_address.ts";
import {
  findOverlay,
  inOrder,
  MAX_OVERLAYS,
  MAX_PERIOD,
  MIN_PERIOD,
  type Overlay,
} from "./overlay.ts";
import { integerRule, intervalRule, symbolRule, timeRule } from "./parameter_rules.ts";

// Apart from `chart_address.ts`, because browsers load that file and must not load zod.

const MAX_PAGE = 1000;

const OVERLAYS_RULE = `must be at most ${MAX_OVERLAYS} of smaN, emaN, bbN, rsiN, vwap, N from ` +
  `${MIN_PERIOD} to ${MAX_PERIOD}, separated by commas, such as sma20,ema50`;

const overlaysRule = z.string().transform((text, ctx): readonly Overlay[] => {
  const found = text.split(",").map(findOverlay);
  const overlays = inOrder(found.filter((overlay) => overlay !== undefined));
  if (found.includes(undefined) || overlays.length > MAX_OVERLAYS) {
    ctx.addIssue({ code: "custom", message: OVERLAYS_RULE });
    return z.NEVER;
  }
  return overlays;
});

/** Reads the parameters of a chart's address, the reverse of `chartParams`. */
export const chartAddressRules = z.object({
  symbol: symbolRule.optional(),
  interval: intervalRule.optional(),
  from: timeRule.optional(),
  to: timeRule.optional(),
  scale: oneOf(SCALES),
  tz: oneOf(ZONES),
  theme: oneOf(FIXED_THEMES),
  colors: oneOf(PALETTES),
  candles: oneOf(CANDLE_FILLS),
  type: oneOf(CHART_TYPES),
  overlays: overlaysRule.optional(),
  pin: z.enum(["1"], "must be 1").optional(),
  imported: z.enum(["1"], "must be 1").optional(),
  page: integerRule(1, MAX_PAGE).optional(),
});

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  const words = values.length > 2 ? `one of ${values.join(", ")}` : values.join(" or ");
  return z.enum(values, `must be ${words}`).optional();
}
