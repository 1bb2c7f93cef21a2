import type { ImportedCandle } from "../../core/imported_candle.ts";
import { countWhole, endOf, isOnGrid } from "../../core/interval.ts";
import type { Series } from "../../core/kline.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import type { FilePart, KlineFile } from "../../ports/archive_source.ts";
import { type CandleVerdict, compareCandle, type ValueName } from "./compare_candle.ts";
import type { FileZone, ZoneChange } from "./file_zone.ts";

/** Findings about candles, the worst first, as the coverage strip shows them. */
export const AUDIT_KINDS = [
  "different",
  "open",
  "invented",
  "missing",
  "contradicted",
  "rounded",
  "unknown",
  "outage",
  "equal",
] as const;

export type AuditKind = typeof AUDIT_KINDS[number];

/** Consecutive or single candles of one kind, for examples and the strip. */
export interface AuditMark {
  readonly kind: AuditKind;
  readonly time: EpochMs;
  /** Values that differ. */
  readonly verdict: CandleVerdict | undefined;
}

/** Differences of a column. */
export interface ColumnAudit {
  readonly candles: number;
  /** See `ValueDifference`. */
  readonly maxSize: number;
}

/** The result of comparing a file's series with the exchange's candles. */
export interface FileAudit extends Series {
  readonly path: string;
  readonly format: string;
  /** Open times of the first and the last candle. */
  readonly range: TimeRange;
  /** Candles of the file, each counted once. */
  readonly candles: number;
  /** Candles per kind; missing and outage are candles that the file lacks. */
  readonly counts: Readonly<Record<AuditKind, number>>;
  /** Of the invented ones: volume 0 and one price, as programs fill gaps. */
  readonly filled: number;
  readonly offGrid: number;
  readonly repeated: number;
  readonly invalid: readonly string[];
  readonly findings: readonly string[];
  /** The file's times minus UTC at its beginning, in whole quarters of an hour. */
  readonly shiftMs: number;
  /** Later offsets, such as of daylight saving time. */
  readonly zoneChanges: readonly ZoneChange[];
  /** Most prices differ: another market or symbol. */
  readonly isOtherMarket: boolean;
  readonly columns: ReadonlyMap<ValueName, ColumnAudit>;
  /** The first candles of each kind but equal ones. */
  readonly examples: readonly AuditMark[];
  /** The worst kind in each of STRIP_PARTS equal parts of the range; `undefined` for none. */
  readonly strip: readonly (AuditKind | undefined)[];
}

/** True if candles were compared and there is nothing to report. */
export function isClean({ counts, invalid, repeated, shiftMs, zoneChanges }: FileAudit): boolean {
  const { equal, outage: _outage, unknown, ...problems } = counts;
  if (equal === 0 && unknown > 0) return false;
  return Object.values(problems).every((count) => count === 0) && invalid.length === 0 &&
    repeated === 0 && shiftMs === 0 && zoneChanges.length === 0;
}

/** Range and size of a file, in its own times. */
export interface FileExtent {
  readonly range: TimeRange;
  readonly candles: number;
}

/** Parts of the coverage strip. */
const STRIP_PARTS = 240;
const MAX_EXAMPLES = 20;

/** The audit of a file, part by part. */
export class RunningAudit {
  #file: KlineFile;
  #extent: FileExtent;
  #zone: FileZone;
  #known: readonly TimeRange[];
  /** End of the previous part, when parts ascend. */
  #reached: EpochMs | undefined;
  #counts = Object.fromEntries(AUDIT_KINDS.map((kind) => [kind, 0])) as Record<AuditKind, number>;
  #filled = 0;
  #offGrid = 0;
  #repeated = 0;
  #contradicted = new Set<EpochMs>();
  #foreign = 0;
  #compared = 0;
  #invalid: string[] = [];
  #findings: string[] = [];
  #columns = new Map<ValueName, ColumnAudit>();
  #examples: AuditMark[] = [];
  #strip: (AuditKind | undefined)[] = Array(STRIP_PARTS).fill(undefined);

  constructor(file: KlineFile, extent: FileExtent, zone: FileZone, known: readonly TimeRange[]) {
    this.#file = file;
    this.#extent = extent;
    this.#zone = zone;
    this.#known = known;
  }

  /** A range that begins at the end of the previous part, if that is earlier. */
  reaching({ from, to }: TimeRange): TimeRange {
    return { from: Math.min(from, this.#reached ?? from), to };
  }

  /** The part's range, from the end of the previous part so that nothing between is passed over. */
  rangeOf(own: readonly ImportedCandle[]): TimeRange {
    const [first, last] = [own[0]!.openTime, own.at(-1)!.openTime];
    const isNext = this.#reached !== undefined && this.#reached <= first;
    const from = isNext ? this.#reached! : first;
    this.#reached = last + 1;
    return { from, to: last + 1 };
  }

  add(
    own: readonly ImportedCandle[],
    reference: readonly ImportedCandle[],
    range: TimeRange,
  ): void {
    const byTime = new Map(reference.map((kline) => [kline.openTime, kline]));
    for (const candle of own) {
      const exchange = byTime.get(candle.openTime);
      byTime.delete(candle.openTime);
      if (!isOnGrid(candle.openTime, this.#file.interval, own[0]!.openTime)) this.#offGrid++;
      this.#compare(candle, exchange);
    }
    const absent = [...byTime.keys()].filter((time) => !this.#contradicted.has(time));
    for (const time of absent) this.#mark("missing", time);
    this.#findOutages(own, reference, range);
  }

  /** Called before the candles of the part are added. */
  note({ repeated, contradicted = [], refused, findings }: FilePart): void {
    this.#repeated += repeated;
    for (const time of contradicted) {
      this.#contradicted.add(time - this.#zone.firstMs);
      this.#mark("contradicted", time - this.#zone.firstMs);
    }
    for (const row of refused) this.#invalid.push(row);
    for (const finding of findings) this.#findings.push(finding);
  }

  result(): FileAudit {
    const { symbol, interval, path, format } = this.#file;
    const { range, candles } = this.#extent;
    return {
      symbol,
      interval,
      path,
      format,
      range: { from: range.from - this.#zone.firstMs, to: range.to - this.#zone.firstMs },
      candles,
      counts: this.#counts,
      filled: this.#filled,
      offGrid: this.#offGrid,
      repeated: this.#repeated,
      invalid: this.#invalid,
      findings: this.#findings,
      shiftMs: this.#zone.firstMs,
      zoneChanges: this.#zone.changes,
      isOtherMarket: this.#foreign * 2 > this.#compared && this.#compared > 0,
      columns: this.#columns,
      examples: this.#examples,
      strip: this.#strip,
    };
  }

  #compare(own: ImportedCandle, exchange: ImportedCandle | undefined): void {
    if (exchange === undefined) {
      const range = { from: own.openTime, to: endOf(own.openTime, this.#file.interval) };
      if (!this.#isKnown(range)) return this.#mark("unknown", own.openTime);
      const isFlat = Number(own.volume ?? 0) === 0 && own.highPrice === own.lowPrice;
      if (isFlat) this.#filled++;
      return this.#mark("invented", own.openTime);
    }
    this.#compared++;
    const verdict = compareCandle(own, exchange);
    if (isForeignPrice(verdict)) this.#foreign++;
    for (const { column, size } of verdict.differences) {
      const { candles, maxSize } = this.#columns.get(column) ?? { candles: 0, maxSize: 0 };
      const largest = Math.max(maxSize, size);
      this.#columns.set(column, { candles: candles + 1, maxSize: largest });
    }
    this.#mark(verdict.kind, own.openTime, verdict);
  }

  #isKnown({ from, to }: TimeRange): boolean {
    return this.#known.some((range) => from >= range.from && to <= range.to);
  }

  /** Whole candles that neither side has, between candles of either. */
  #findOutages(
    own: readonly ImportedCandle[],
    reference: readonly ImportedCandle[],
    { from }: TimeRange,
  ): void {
    const opens = [...new Set([...own, ...reference].map(({ openTime }) => openTime))]
      .sort((a, b) => a - b);
    let end = from;
    for (const open of opens) {
      const absent = open > end ? countWhole({ from: end, to: open }, this.#file.interval) : 0;
      if (absent > 0 && this.#isKnown({ from: end, to: open })) {
        this.#mark("outage", end, undefined, absent);
      }
      end = endOf(open, this.#file.interval);
    }
    this.#reached = Math.max(this.#reached ?? 0, end);
  }

  #mark(kind: AuditKind, time: EpochMs, verdict?: CandleVerdict, candles = 1): void {
    this.#counts[kind] += candles;
    const part = this.#partOf(time);
    const worst = this.#strip[part];
    if (worst === undefined || AUDIT_KINDS.indexOf(kind) < AUDIT_KINDS.indexOf(worst)) {
      this.#strip[part] = kind;
    }
    const isShown = kind !== "equal" && kind !== "outage" && kind !== "unknown";
    if (!isShown || this.#counts[kind] > MAX_EXAMPLES) return;
    this.#examples.push({ kind, time, verdict });
  }

  #partOf(time: EpochMs): number {
    const { from, to } = this.#extent.range;
    const share = (time + this.#zone.firstMs - from) / Math.max(1, to - from);
    return Math.max(0, Math.min(STRIP_PARTS - 1, Math.floor(share * STRIP_PARTS)));
  }
}

/** Another market's prices differ in open and close; late trades change neither. */
function isForeignPrice({ differences }: CandleVerdict): boolean {
  const isFar = (column: ValueName) =>
    differences.some((one) => one.column === column && one.size > 1e-5);
  return isFar("openPrice") && isFar("closePrice");
}
