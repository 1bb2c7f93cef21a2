import { AppError } from "../core/errors.ts";
import { REMOVED } from "../core/symbol_status.ts";
import type { MarketSymbol } from "../ports/kline_source.ts";

/**
 * Runs a step for a series whose symbol the exchange may have removed. A response that the symbol
 * is unknown is then not a failure.
 */
export async function bearRemoval(
  { status }: MarketSymbol,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isExpected = status === REMOVED && error instanceof AppError &&
      error.code === "not_found";
    if (!isExpected) throw error;
  }
}
