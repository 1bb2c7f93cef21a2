import type { ChartAddress } from "../../core/chart_address.ts";
import { chartAddressRules } from "../../core/chart_address_rules.ts";
import { AppError } from "../../core/errors.ts";
import { requireRange } from "../../core/parameter_rules.ts";
import type { Settings } from "../../http/define.ts";
import { parseQuery } from "../../http/queries/query.ts";

/**
 * Reads a chart's address; the first configured symbol and interval are the defaults.
 *
 * @throws `invalid_input` for invalid parameters; unknown ones are ignored
 */
export function parseChartsQuery(
  params: URLSearchParams,
  symbols: readonly string[],
  { intervals }: Pick<Settings, "intervals">,
): ChartAddress {
  const query = parseQuery(params, chartAddressRules, { allowsUnknown: true });
  const { pin, symbol, interval, ...rest } = query;
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
