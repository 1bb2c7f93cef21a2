import { endOf, type Interval, isInterval } from "../../../lib/core/interval.ts";
import { DAY_MS, type EpochMs, HOUR_MS, type TimeRange, toIso } from "../../../lib/core/time.ts";

/** A file of data.binance.vision that may exist. */
export interface ArchiveFile {
  readonly symbol: string;
  readonly interval: Interval;
  /** Candles that open in here. */
  readonly range: TimeRange;
  /** When the file appears. */
  readonly publishedAt: EpochMs;
  /** `BTCUSDT-1h-2024-01`, for the zip and the CSV in it. */
  readonly name: string;
  /** Whether its checksum is asked for rather than the file. */
  readonly isChecksum: boolean;
}

export const ARCHIVE_PREFIX = "/data/spot/";

const PATH =
  /^\/data\/spot\/(monthly|daily)\/klines\/([^/]+)\/([^/]+)\/(([^/]+)-([^/-]+)-(\d{4})-(\d{2})(?:-(\d{2}))?)\.zip(\.CHECKSUM)?$/;

/** Files appear at this hour, UTC. */
const PUBLISHING_HOUR = 8;

export function parseArchivePath(path: string): ArchiveFile | undefined {
  const match = PATH.exec(path);
  if (match === null) return undefined;
  const [, period, symbol, spelt, name, named, namedSpelt, year, month, day, checksum] = match;
  const date = `${year}-${month}-${day ?? "01"}`;
  const interval = spelt === "1mo" ? "1M" : spelt!;
  const isDaily = period === "daily";
  const isWell = symbol === named && spelt === namedSpelt && spelt !== "1M" &&
    isInterval(interval) && isDaily === (day !== undefined);
  if (!isWell) return undefined;
  const from = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
  const to = isDaily ? from + DAY_MS : endOf(from, "1M");
  if (toIso(from).slice(0, 10) !== date) return undefined;
  return {
    symbol: symbol!,
    interval,
    range: { from, to },
    publishedAt: (isDaily ? to : firstMonday(to)) + PUBLISHING_HOUR * HOUR_MS,
    name: name!,
    isChecksum: checksum !== undefined,
  };
}

/** Monthly files wait for the first Monday of the next month, daily ones for the next day. */
function firstMonday(monthStart: EpochMs): EpochMs {
  const weekday = new Date(monthStart).getUTCDay();
  return monthStart + (8 - weekday) % 7 * DAY_MS;
}
