import { AppError } from "../../core/errors.ts";
import { endOf, type Interval } from "../../core/interval.ts";
import type { Kline } from "../../core/kline.ts";
import { type TimeRange, toIso } from "../../core/time.ts";
import type { FilePart } from "../../ports/archive_source.ts";
import { toAscending } from "../kline_row.ts";
import { findFlaw, findOtherInterval } from "../kline_rules.ts";
import type { CsvPart, CsvRow, RefusedRow } from "./kline_csv.ts";
import { type FileClaim, MarketSigns } from "./market_signs.ts";
import { SeenRows } from "./seen_rows.ts";

/** Requirements on the candles of a file. */
export interface Expected {
  /** Name of the file in messages. */
  readonly path: string;
  readonly interval: Interval;
  /** Range of open times, when the file's name states it. */
  readonly range?: TimeRange | undefined;
  /**
   * When given, invalid rows are skipped and listed, up to a limit. Otherwise one invalid row
   * rejects the file.
   */
  readonly claim?: FileClaim;
}
/** Largest share of invalid rows in a file that is accepted. */
const MAX_REFUSED_SHARE = 0.1;
/** Most invalid rows in one part, after which reading stops. */
const MAX_REFUSED = 1_000;

/**
 * Yields the valid candles of a file in parts, each ascending: of the file's interval, within its
 * period, low ≤ open, close ≤ high, nothing negative, one value per open time.
 *
 * @throws `bad_payload` for an invalid file, possibly only at its end
 */
export async function* checkKlines(
  parts: AsyncIterable<CsvPart>,
  expected: Expected,
): AsyncGenerator<FilePart> {
  const seen = new SeenRows(expected.path);
  const signs = expected.claim && new MarketSigns(expected.claim);
  const count = { candles: 0, refused: 0, first: undefined as RefusedRow | undefined };
  let shortened = 0;
  for await (const part of parts) {
    const { klines, refused, repeated } = checkPart(part, expected, seen, signs);
    if (count.candles === 0 && klines.length > 0) requireInterval(klines, expected);
    count.candles += klines.length;
    if (part.layout.isRewritten) shortened += klines.filter(isShortened).length;
    count.refused += refused.length;
    count.first ??= refused[0];
    const isTooMuch = expected.claim === undefined
      ? refused.length > 0
      : refused.length > MAX_REFUSED && isMostlyRefused(count);
    if (isTooMuch) throw unreadable(expected.path, count);
    yield {
      klines: [...toAscending(klines)],
      imported: [],
      repeated,
      refused: refused.map(inWords),
      doubts: [],
      findings: [],
    };
  }
  requireCandles(expected.path, count);
  const doubts = signs?.list() ?? [];
  const findings = shortened === 0 ? [] : [`${shortened} candles ${LOST_DIGITS}`];
  if (doubts.length + findings.length === 0) return;
  yield { klines: [], imported: [], repeated: 0, refused: [], doubts, findings };
}

const LOST_DIGITS = "have numbers that lost zeros or digits at their end in another program; the " +
  "exchange's replace them when they are fetched";

/** The exchange writes volumes with eight decimals. */
const isShortened = ({ volume }: Kline) => !/\.\d{8}$/.test(volume);

function checkPart(
  { layout, rows, refused }: CsvPart,
  expected: Expected,
  seen: SeenRows,
  signs: MarketSigns | undefined,
) {
  const klines: Kline[] = [];
  const wrong = [...refused];
  let repeated = 0;
  for (const written of rows) {
    const row = withMs(written, expected.interval);
    if (seen.has(row)) {
      repeated++;
      continue;
    }
    const reason = problemOf(row, expected);
    if (reason === undefined) {
      klines.push(row.kline);
      signs?.add(layout, row.kline, row.isMs);
    } else {
      wrong.push({
        line: row.line,
        reason: `the candle of ${toIso(row.kline.openTime)} ${reason}`,
      });
    }
  }
  return { klines, repeated, refused: wrong.sort((a, b) => a.line - b.line) };
}

/** Restores the ms of a close time written in seconds: `00:59:59` means `00:59:59.999`. */
function withMs(row: CsvRow, interval: Interval): CsvRow {
  const closeTime = endOf(row.kline.openTime, interval) - 1;
  if (!row.isCloseInSeconds || closeTime - row.kline.closeTime !== 999) return row;
  return { ...row, kline: { ...row.kline, closeTime } };
}

const inWords = ({ line, reason }: RefusedRow) => `line ${line}: ${reason}`;

interface RowCount {
  readonly candles: number;
  readonly refused: number;
  readonly first: RefusedRow | undefined;
}

function requireCandles(path: string, count: RowCount): void {
  const { candles, refused } = count;
  if (candles === 0 && refused === 0) {
    throw new AppError("bad_payload", `Cannot read ${path}: it has a header line but no candles`);
  }
  if (isMostlyRefused(count)) throw unreadable(path, count);
}

function isMostlyRefused({ candles, refused }: RowCount): boolean {
  return refused > (candles + refused) * MAX_REFUSED_SHARE;
}

function unreadable(path: string, { candles, refused, first }: RowCount): AppError {
  const share = refused === 1 ? "" : ` (${refused} of ${candles + refused} rows are invalid)`;
  return new AppError(
    "bad_payload",
    `Cannot trust ${path}, line ${first!.line}: ${first!.reason}${share}`,
  );
}

function problemOf({ kline }: CsvRow, { range, interval }: Expected): string | undefined {
  const { openTime } = kline;
  if (range !== undefined && (openTime < range.from || openTime >= range.to)) {
    return "opens outside the file's period";
  }
  const isOverbought = Number(kline.takerBuyBaseAssetVolume) > Number(kline.volume);
  return findFlaw(kline, interval) ??
    (isOverbought ? "has a taker buy volume above its volume" : undefined);
}

function requireInterval(klines: readonly Kline[], { path, interval }: Expected): void {
  const [misfit] = findOtherInterval(klines, interval);
  if (misfit === undefined) return;
  const { openTime, closeTime } = misfit;
  throw new AppError(
    "bad_payload",
    `Cannot trust ${path}: its candles are not ${interval} candles: the first one lasts ` +
      `${(closeTime + 1 - openTime) / 60_000} min`,
  );
}
