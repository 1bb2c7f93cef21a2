import { AppError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";
import type { HeldSeries } from "../ports/kline_reader.ts";
import type { Services } from "./define.ts";

/**
 * Version and extent of a series.
 *
 * @throws `not_found` when wick does not keep it, `exchange_unavailable` when it should but has
 *   nothing yet because the exchange does not answer
 */
export async function requireHeld(
  services: Services,
  series: Series,
): Promise<HeldSeries> {
  const { reader, exchange, settings } = services;
  const held = await reader.findSeries(series);
  if (held && held.rows > 0) return held;
  const isWanted = settings.symbols.includes(series.symbol) &&
    settings.intervals.includes(series.interval);
  const { failure } = exchange.read();
  if (failure && (held || isWanted)) {
    throw new AppError(
      "exchange_unavailable",
      `Cannot give ${seriesName(series)} yet: nothing is stored, and ${failure.message}`,
      { retryAfterMs: 15_000 },
    );
  }
  if (held) return held;
  if (isWanted) {
    throw new AppError(
      "exchange_unavailable",
      `Cannot give ${seriesName(series)} yet: its collection begins now`,
      { retryAfterMs: 5_000 },
    );
  }
  throw new AppError("not_found", `Cannot find series ${seriesName(series)}: ${keeps(services)}`, {
    param: settings.symbols.includes(series.symbol) ? "interval" : "symbol",
  });
}

function keeps({ settings: { symbols, intervals } }: Services): string {
  return `kept are ${symbols.join(", ")} at ${intervals.join(", ")}`;
}
