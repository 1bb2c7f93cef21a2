import { AppError } from "../core/errors.ts";
import type { Services } from "./define.ts";
import { sharedRead } from "./shared_read.ts";

/**
 * The rule for symbols in a query, on pages and in the API: one that is collected but has no
 * candles yet gives an empty result, a misspelled one an error.
 *
 * @throws `not_found` for a symbol that is neither collected nor has stored candles
 */
export async function requireKnown(
  services: Services,
  symbols: readonly string[] = [],
): Promise<void> {
  const collected = new Set(await services.symbols.read());
  const others = symbols.filter((symbol) => !collected.has(symbol));
  if (others.length === 0) return;
  const extents = await sharedRead(services, "extents", () => services.reader.extents());
  const stored = new Set(extents.map(({ symbol }) => symbol));
  const unknown = others.find((symbol) => !stored.has(symbol));
  if (unknown === undefined) return;
  throw new AppError(
    "not_found",
    `Cannot find symbol ${unknown}: it is not collected, and none of its candles are stored`,
    { param: "symbol" },
  );
}
