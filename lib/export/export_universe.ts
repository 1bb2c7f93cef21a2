import { AppError } from "../core/errors.ts";
import { type Interval, intervalMs } from "../core/interval.ts";
import { seriesName } from "../core/kline.ts";
import { toIso } from "../core/time.ts";
import { type Listing, tradedOn } from "../core/universe/traded_on.ts";
import { csvText } from "../http/csv_answer.ts";
import type { Services } from "../http/define.ts";
import { indexRenames, toUniverseRow, UNIVERSE_COLUMNS } from "../http/universe_json.ts";
import { requireDay } from "../http/queries/universe_query.ts";
import { readUniverse } from "../http/universe_read.ts";
import type { ExportSeries } from "../ports/kline_exporter.ts";
import type { ExportRequest } from "./export_query.ts";

type UniverseServices = Pick<Services, "answers" | "universe" | "reader" | "exchange">;

/**
 * Looks up the series of a request for the universe of a day; other requests stay as they are.
 * Symbols of that day without stored candles are left out, and are in the list of the zip.
 *
 * @throws `invalid_input` for a day in the future, `not_found` when none is stored
 */
export async function withUniverse(
  services: UniverseServices,
  { wanted, ...request }: ExportRequest,
): Promise<ExportRequest> {
  if (wanted === undefined) return request;
  const { quote, intervals } = wanted;
  const at = requireDay(wanted.at, services.exchange.serverTime());
  const { records, renames } = await readUniverse(services);
  const listings = tradedOn(records, { at, quote });
  const extents = await services.reader.extents({
    symbols: listings.map(({ record }) => record.symbol),
    intervals,
  });
  const stored = new Set(extents.filter(({ rows }) => rows > 0).map(seriesName));
  const isHeld = (symbol: string, interval: Interval) =>
    stored.has(seriesName({ symbol, interval }));
  const series = listings.flatMap((listing): ExportSeries[] =>
    intervals.filter((interval) => isHeld(listing.record.symbol, interval))
      .map((interval) => toSeries(listing, interval))
  );
  const day = toIso(at).slice(0, 10);
  if (series.length === 0) {
    const what = `${listings.length} symbols of ${day}${quote === undefined ? "" : ` in ${quote}`}`;
    throw new AppError(
      "not_found",
      `Cannot export the universe: none of the ${what} is stored at ${intervals.join(", ")}`,
      { param: "symbols" },
    );
  }
  const index = indexRenames(renames);
  const rows = listings.map((listing) => [
    ...toUniverseRow(listing, index),
    intervals.filter((interval) => isHeld(listing.record.symbol, interval)).join(" "),
  ]);
  return {
    ...request,
    series,
    universe: {
      name: `universe-${day}${quote === undefined ? "" : `-${quote}`}`,
      symbols: listings.length,
      held: new Set(series.map(({ symbol }) => symbol)).size,
      list: csvText({ columns: [...UNIVERSE_COLUMNS, "stored_intervals"], rows }),
    },
  };
}

/** Of a name that was used several times only the life on that day. */
function toSeries({ record, life }: Listing, interval: Interval): ExportSeries {
  const { symbol, lives } = record;
  if (lives.length === 1) return { symbol, interval };
  const { listedAt, delistedAt = Infinity } = life;
  // The first candle can open before the first trade.
  return {
    symbol,
    interval,
    within: { from: listedAt - intervalMs(interval) + 1, to: delistedAt },
  };
}
