import { AppError } from "../core/errors.ts";
import type { ImportedCandle } from "../core/imported_candle.ts";
import { endOf, type Interval, isOnGrid } from "../core/interval.ts";
import type { Kline } from "../core/kline.ts";
import { type EpochMs, HOUR_MS, toIso } from "../core/time.ts";
import type { Decimal } from "../core/decimal.ts";
import type { FilePart } from "../ports/archive_source.ts";
import {
  FEW_DECIMALS,
  FUTURES_VOLUME,
  namedMarket,
  NO_VOLUME,
  WRONG_AVERAGE,
} from "../binance/files/market_signs.ts";
import { findFlaw } from "../binance/kline_rules.ts";
import type { TimeUnit } from "./cell_values.ts";
import { Findings } from "./findings.ts";
import { type GroupBatch, groupRecords, type RecordGroup } from "./record_groups.ts";
import type { FileRecord } from "./record_rows.ts";

/** Requirements on the records of a file. */
export interface RecordTerms {
  /** Name of the file in messages. */
  readonly path: string;
  /** Paths that may name another market. */
  readonly places: readonly string[];
  readonly interval: Interval;
  /** True for programs that write closed candles only; else the newest candle is left out. */
  readonly hasClosedOnly: boolean;
  /** Rows as Binance's API has them without a header line, as futures files have too. */
  readonly isBare: boolean;
  /** See `NamedSeries`. */
  readonly isTolerant: boolean;
}

/** A row that holds no valid candle. */
export interface RefusedRecord {
  readonly line: number;
  readonly reason: string;
}

/** Records of consecutive rows and the rows that hold none. */
export interface RecordBatch {
  readonly records: readonly FileRecord[];
  readonly refused: readonly RefusedRecord[];
}

/** Largest share of invalid rows in a file that is accepted. */
const MAX_REFUSED_SHARE = 0.1;

/**
 * Yields the candles of a file in parts, each ascending: complete and exact ones as `klines`, the
 * others as `imported`. Rows that contradict each other are refused, all of them.
 *
 * @throws `bad_payload` for an invalid file, possibly only at its end
 */
export async function* checkRecords(
  batches: AsyncIterable<RecordBatch>,
  terms: RecordTerms,
): AsyncGenerator<FilePart> {
  const check = new RecordCheck(terms);
  for await (const batch of groupRecords(check.passRecords(batches), terms.path)) {
    yield check.checkBatch(batch);
  }
  yield check.end();
}

class RecordCheck {
  #terms: RecordTerms;
  #findings = new Findings();
  #unit: TimeUnit | undefined;
  #refused: RefusedRecord[] = [];
  #firstRefused: RefusedRecord | undefined;
  #count = { candles: 0, refused: 0, inZone: 0, traded: 0, averageOutside: 0, coarse: 0 };

  constructor(terms: RecordTerms) {
    this.#terms = terms;
  }

  async *passRecords(
    batches: AsyncIterable<RecordBatch>,
  ): AsyncGenerator<readonly FileRecord[]> {
    for await (const { records, refused } of batches) {
      refused.forEach((one) => this.#refuse(one));
      yield records;
    }
  }

  checkBatch({ groups, hasNewest }: GroupBatch): FilePart {
    const klines: Kline[] = [];
    const imported: ImportedCandle[] = [];
    let repeated = 0;
    const contradicted: EpochMs[] = [];
    const { hasClosedOnly, isTolerant } = this.#terms;
    groups.forEach((group, i) => {
      const record = this.#agreed(group);
      if (record === undefined) {
        contradicted.push(group[0]!.candle.openTime);
        return;
      }
      repeated += group.length - 1;
      if (!this.#isValid(record)) return;
      if (hasNewest && i === groups.length - 1 && !hasClosedOnly && !isTolerant) {
        return this.#findings.add("newest", record.line, record.candle.openTime);
      }
      if (record.kline === undefined) imported.push(record.candle);
      else klines.push(record.kline);
    });
    this.#count.candles += klines.length + imported.length;
    return {
      klines,
      imported,
      repeated,
      contradicted,
      refused: this.#takeRefused(),
      doubts: [],
      findings: [],
    };
  }

  end(): FilePart {
    const { candles, refused } = this.#count;
    const { path, isTolerant } = this.#terms;
    if (candles === 0 && (refused === 0 || isTolerant)) {
      const isOnly = this.#findings.count("newest") > 0;
      const cause = isOnly
        ? "it has one candle, which may still have been open; accepted are files with a later candle"
        : "it has no closed candles";
      throw new AppError("bad_payload", `Cannot read ${path}: ${cause}`);
    }
    if (!isTolerant) {
      if (refused > (candles + refused) * MAX_REFUSED_SHARE) throw this.#unreadable();
      this.#requireGrid();
    }
    const findings = this.#findings.list();
    const refusedRows = this.#takeRefused();
    const doubts = this.#doubts();
    return { klines: [], imported: [], repeated: 0, refused: refusedRows, doubts, findings };
  }

  /** Signs of another market; see `MarketSigns`, which has those of Binance's own files too. */
  #doubts(): string[] {
    const { candles, traded, averageOutside, coarse } = this.#count;
    const foreign = this.#terms.places.map(namedMarket).find((market) => market !== undefined);
    const moved = this.#findings.count("movedWithoutVolume");
    const isEmpty = traded === 0 && moved * 2 > candles;
    return [
      foreign === undefined ? "" : `its path names another market (${foreign})`,
      this.#terms.isBare && coarse >= candles ? FEW_DECIMALS : "",
      isEmpty ? NO_VOLUME : "",
      averageOutside * 2 > traded ? WRONG_AVERAGE : "",
    ].filter((clause) => clause !== "");
  }

  /** The record of an open time; `undefined` when rows contradict each other. */
  #agreed(group: RecordGroup): FileRecord | undefined {
    const [first, ...others] = group;
    const other = others.find((one) => differingColumn(first!.candle, one.candle) !== undefined);
    if (other === undefined) return first;
    const column = differingColumn(first!.candle, other.candle)!;
    const time = toIso(first!.candle.openTime);
    this.#refuse({
      line: other.line,
      reason: `it contradicts line ${first!.line} about the candle of ${time}: ` +
        `${snakeCase(column)} is ${other.candle[column]} instead of ${first!.candle[column]}; ` +
        "neither is imported",
    });
    return undefined;
  }

  #isValid({ line, candle, unit }: FileRecord): boolean {
    const { interval } = this.#terms;
    const reason = findFlaw(asKline(candle, interval), interval);
    if (reason !== undefined) {
      this.#refuse({ line, reason: `the candle of ${toIso(candle.openTime)} ${reason}` });
      return false;
    }
    this.#observe(line, candle);
    this.#unit ??= unit;
    if (unit !== this.#unit) this.#findings.add("otherUnit", line, candle.openTime);
    return true;
  }

  #observe(line: number, candle: ImportedCandle): void {
    const { openTime, highPrice, lowPrice, volume } = candle;
    if (!isOnGrid(openTime, this.#terms.interval)) {
      this.#findings.add("offGrid", line, openTime);
      if (openTime % HOUR_MS === 0) this.#count.inZone++;
    }
    if (hasNoise(candle)) this.#findings.add("rounded", line, openTime);
    if (volume === undefined) return;
    if (FUTURES_VOLUME.test(volume)) this.#count.coarse++;
    if (Number(volume) > 0) return this.#compareAverage(candle, Number(volume));
    const isFlat = Number(highPrice) === Number(lowPrice);
    this.#findings.add(isFlat ? "flat" : "movedWithoutVolume", line, openTime);
  }

  #compareAverage({ quoteAssetVolume, lowPrice, highPrice }: ImportedCandle, volume: number): void {
    this.#count.traded++;
    if (quoteAssetVolume === undefined) return;
    const average = Number(quoteAssetVolume) / volume;
    const isOutside = average < Number(lowPrice) * 0.99 || average > Number(highPrice) * 1.01;
    if (isOutside) this.#count.averageOutside++;
  }

  /** Outages move a few candles; a whole file off the grid has another interval or time zone. */
  #requireGrid(): void {
    const { candles, inZone } = this.#count;
    const off = this.#findings.count("offGrid");
    if (off * 2 <= candles) return;
    const { path, interval } = this.#terms;
    const cause = inZone === off
      ? "they are shifted by whole hours, so the times are in another time zone than UTC"
      : `it is not a file of ${interval} candles`;
    throw new AppError(
      "bad_payload",
      `Cannot trust ${path}: ${off} of ${candles} candles open off the grid of ${interval}: ${cause}`,
    );
  }

  #refuse(row: RefusedRecord): void {
    if (row.line < (this.#firstRefused?.line ?? Infinity)) this.#firstRefused = row;
    this.#count.refused++;
    this.#refused.push(row);
  }

  #takeRefused(): string[] {
    const rows = this.#refused.toSorted((a, b) => a.line - b.line);
    this.#refused = [];
    return rows.map(({ line, reason }) => `line ${line}: ${reason}`);
  }

  #unreadable(): AppError {
    const { candles, refused } = this.#count;
    const { line, reason } = this.#firstRefused!;
    const share = refused === 1 ? "" : ` (${refused} of ${candles + refused} rows are invalid)`;
    return new AppError(
      "bad_payload",
      `Cannot trust ${this.#terms.path}, line ${line}: ${reason}${share}`,
    );
  }
}

/** The candle with neutral values in place of missing ones, for checks of the values it has. */
function asKline(candle: ImportedCandle, interval: Interval): Kline {
  const none = "0" as Decimal;
  return {
    openTime: candle.openTime,
    openPrice: candle.openPrice,
    highPrice: candle.highPrice,
    lowPrice: candle.lowPrice,
    closePrice: candle.closePrice,
    volume: candle.volume ?? none,
    closeTime: candle.closeTime ?? endOf(candle.openTime, interval) - 1,
    quoteAssetVolume: candle.quoteAssetVolume ?? none,
    numberOfTrades: candle.numberOfTrades ?? 0,
    takerBuyBaseAssetVolume: candle.takerBuyBaseAssetVolume ?? none,
    takerBuyQuoteAssetVolume: candle.takerBuyQuoteAssetVolume ?? none,
  };
}

type CandleKey = keyof ImportedCandle;

function differingColumn(a: ImportedCandle, b: ImportedCandle): CandleKey | undefined {
  return (Object.keys(a) as CandleKey[]).find((key) =>
    key !== "isFloat" && a[key] !== b[key] && Number(a[key] ?? NaN) !== Number(b[key] ?? NaN)
  );
}

/** The exchange's numbers have eight decimals at most. */
const NOISE = /\.\d{12,}$/;

function hasNoise(candle: ImportedCandle): boolean {
  return [candle.volume, candle.quoteAssetVolume, candle.takerBuyBaseAssetVolume, candle.closePrice]
    .some((value) => value !== undefined && NOISE.test(value));
}

const snakeCase = (name: string) =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
