import { z } from "zod";
import { INTERVALS } from "./interval.ts";
import { parseTime } from "./time.ts";

/** Characters of symbols: capitals, digits, `._-`, and since December 2025 letters of any script. */
export const SYMBOL_CHARACTERS = String.raw`[\p{Lu}\p{Lo}\p{N}._\-]`;

const SYMBOL = new RegExp(`^${SYMBOL_CHARACTERS}{1,40}$`, "u");
const SYMBOL_RULE = "a symbol in capitals, such as BTCUSDT";

/** A symbol as the exchange spells it; `lead` begins the message about anything else. */
export function symbolRule(lead = "") {
  return z.string().regex(SYMBOL, lead + SYMBOL_RULE);
}

/** An interval of Binance; `lead` begins the message about anything else. */
export function intervalRule(lead = "") {
  return z.enum(INTERVALS, `${lead}one of ${INTERVALS.join(", ")}`);
}

/** A time as `parseTime` reads it, in epoch ms; its message unless another `message` is given. */
export function timeRule(message?: string) {
  return z.string().transform((text, ctx) => {
    try {
      return parseTime(text);
    } catch (error) {
      ctx.addIssue({ code: "custom", message: message ?? (error as Error).message });
      return z.NEVER;
    }
  });
}
