import { AppError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { withOfflineAdvice } from "../core/text/offline_words.ts";
import { toIso } from "../core/time.ts";
import type { HeldSeries } from "../ports/kline_reader.ts";
import type { Services, Settings } from "./define.ts";

/**
 * Version and extent of a series.
 * @throws `not_found` when wick does not collect it, `exchange_unavailable` when nothing is stored
 * yet because the exchange is unreachable
 */
export async function requireHeld(
  services: Services,
  series: Series,
): Promise<HeldSeries> {
  return await requireRows(services, series, await services.reader.findSeries(series));
}

/**
 * `held`, the state of the series in the store, if it has candles.
 * @throws as `requireHeld`
 */
export async function requireRows<
  Held extends { readonly rows: number; readonly importedRows?: number },
>(
  services: Services,
  series: Series,
  held: Held | undefined,
): Promise<Held> {
  if (held && held.rows > 0) return held;
  const { settings } = services;
  const symbols = await services.symbols.read();
  const isWanted = symbols.includes(series.symbol) &&
    settings.intervals.includes(series.interval);
  const { importedRows = 0 } = held ?? {};
  if (!isWanted && importedRows > 0) throw onlyImported(series, importedRows);
  if (held || isWanted) await requireReachable(services, series);
  if (held) return held;
  if (isWanted) {
    throw new AppError(
      "exchange_unavailable",
      `Cannot serve ${seriesName(series)} yet: its collection is starting`,
      { retryAfterMs: 5_000 },
    );
  }
  throw new AppError(
    "not_found",
    `Cannot find series ${seriesName(series)}: ${describeStored(symbols, settings)}`,
    {
      param: symbols.includes(series.symbol) ? "interval" : "symbol",
    },
  );
}

/** @throws `exchange_unavailable` with the reason why nothing of the series is stored */
async function requireReachable({ exchange, failing }: Services, series: Series): Promise<void> {
  const { failure } = exchange.read();
  if (failure !== undefined) {
    const message = withOfflineAdvice(failure.message);
    throw new AppError("exchange_unavailable", message, { retryAfterMs: 15_000 });
  }
  const name = seriesName(series);
  const own = (await failing()).find((one) => seriesName(one) === name);
  if (own === undefined) return;
  throw new AppError(
    "exchange_unavailable",
    `Cannot collect ${name}: ${own.message}. The next attempt is after ${toIso(own.retryAt)}`,
    { retryAfterMs: 60_000 },
  );
}

function onlyImported(series: Series, rows: number): AppError {
  return new AppError(
    "not_found",
    `Cannot find candles of the exchange for ${
      seriesName(series)
    }: only ${rows} imported candles ` +
      "are stored, which imported=1 of /charts, /export and /api/candles includes",
    { param: "symbol" },
  );
}

/** Symbols that a message names, at most. */
const MAX_NAMED = 20;

function describeStored(symbols: readonly string[], { intervals }: Pick<Settings, "intervals">) {
  const named = symbols.slice(0, MAX_NAMED).join(", ");
  const more = symbols.length > MAX_NAMED ? ` and ${symbols.length - MAX_NAMED} more` : "";
  return `available are ${named}${more} at ${intervals.join(", ")}`;
}
