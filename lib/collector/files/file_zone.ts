import type { ImportedCandle } from "../../core/imported_candle.ts";
import { type EpochMs, HOUR_MS, MINUTE_MS, type TimeRange } from "../../core/time.ts";

/** A change of a file's offset from UTC, as daylight saving time makes one. */
export interface ZoneChange {
  /** Open time of the first candle with the new offset, in UTC. */
  readonly from: EpochMs;
  readonly shiftMs: number;
}

/** Offsets from UTC are whole quarters of an hour, from 12 hours behind to 14 ahead. */
const STEP_MS = 15 * MINUTE_MS;
const MAX_SHIFT_MS = 14 * HOUR_MS;
/** Daylight saving time moves clocks by an hour, on Lord Howe Island by half of one. */
const CHANGES_MS = [HOUR_MS, -HOUR_MS, HOUR_MS / 2, -HOUR_MS / 2];
/** Times that fit to this share are UTC. */
const MIN_UTC_FIT = 0.2;
/**
 * Share of a window that a later offset must fit, while the present one fits less than the rest.
 */
const MIN_FIT = 0.6;
/** Share of the first sample, in which the offset may change. */
const MIN_FIRST_FIT = 0.4;
/** Candles in a row that show a change. */
const WINDOW = 24;

type Known = ReadonlyMap<EpochMs, ImportedCandle>;

/** The offsets of a file's times from UTC, found by its prices. */
export class FileZone {
  #first: number;
  #shiftMs: number;
  #changes: ZoneChange[] = [];
  #hasBegun = false;

  /**
   * @param sample candles in a row
   * @param reference the exchange's in `zoneRange(sample)`
   */
  constructor(sample: readonly ImportedCandle[], reference: readonly ImportedCandle[]) {
    this.#first = this.#shiftMs = findShift(sample, byTime(reference));
  }

  /** The file's times minus UTC at its beginning. */
  get firstMs(): number {
    return this.#first;
  }

  get changes(): readonly ZoneChange[] {
    return this.#changes;
  }

  /** Times in UTC that candles in a row may have. */
  rangeOf(own: readonly ImportedCandle[]): TimeRange {
    return {
      from: own[0]!.openTime - this.#shiftMs - HOUR_MS,
      to: own.at(-1)!.openTime - this.#shiftMs + HOUR_MS + 1,
    };
  }

  /** The next candles of the file in UTC, compared with the exchange's in `rangeOf(own)`. */
  toUtc(
    own: readonly ImportedCandle[],
    reference: readonly ImportedCandle[],
  ): ImportedCandle[] {
    const known = byTime(reference);
    const shifts = Array<number>(own.length).fill(this.#shiftMs);
    for (let at = 0; at < own.length; at += WINDOW) {
      const next = this.#findChange(own.slice(at, at + WINDOW), known);
      if (next !== undefined) {
        const from = firstWith(own, { at, next, before: this.#shiftMs }, known);
        this.#change(own[from]!, from === 0, next);
        shifts.fill(next, from);
      }
    }
    this.#hasBegun = true;
    return own.map((candle, i) => shifted(candle, shifts[i]!));
  }

  #findChange(window: readonly ImportedCandle[], known: Known): number | undefined {
    if (fitOf(window, known, this.#shiftMs) >= 1 - MIN_FIT) return undefined;
    return CHANGES_MS.map((change) => this.#shiftMs + change)
      .find((shiftMs) => fitOf(window, known, shiftMs) >= MIN_FIT);
  }

  #change({ openTime }: ImportedCandle, isFirst: boolean, shiftMs: number): void {
    this.#shiftMs = shiftMs;
    if (isFirst && !this.#hasBegun) this.#first = shiftMs;
    else this.#changes.push({ from: openTime - shiftMs, shiftMs });
  }
}

/** Times in UTC that a sample may have. */
export function zoneRange(sample: readonly ImportedCandle[]): TimeRange {
  return {
    from: sample[0]!.openTime - MAX_SHIFT_MS,
    to: sample.at(-1)!.openTime + MAX_SHIFT_MS + 1,
  };
}

/** The offset that fits a sample best; 0 unless others fit far better. */
function findShift(sample: readonly ImportedCandle[], known: Known): number {
  if (fitOf(sample, known, 0) >= MIN_UTC_FIT) return 0;
  const shifts = Array.from(
    { length: 2 * MAX_SHIFT_MS / STEP_MS + 1 },
    (_, i) => i * STEP_MS - MAX_SHIFT_MS,
  );
  const fits = shifts.map((shiftMs) => fitOf(sample, known, shiftMs));
  const best = Math.max(...fits);
  return best >= MIN_FIRST_FIT ? shifts[fits.indexOf(best)]! : 0;
}

interface Offsets {
  readonly before: number;
  readonly next: number;
}

/** Index of the first candle with the next offset, near the beginning of a window that shows it. */
function firstWith(
  own: readonly ImportedCandle[],
  { at, before, next }: Offsets & { readonly at: number },
  known: Known,
): number {
  const fitsOnly = (candle: ImportedCandle | undefined, shiftMs: number, other: number) =>
    candle !== undefined && hasPrices(candle, known, shiftMs) && !hasPrices(candle, known, other);
  let from = at;
  while (fitsOnly(own[from], before, next)) from++;
  while (fitsOnly(own[from - 1], next, before)) from--;
  return from;
}

const byTime = (candles: readonly ImportedCandle[]): Known =>
  new Map(candles.map((candle) => [candle.openTime, candle]));

/** Share of the candles that have the exchange's prices; 0 where it lacks most of them. */
function fitOf(candles: readonly ImportedCandle[], known: Known, shiftMs: number): number {
  const paired = candles.filter(({ openTime }) => known.has(openTime - shiftMs));
  if (paired.length * 2 < candles.length) return 0;
  return paired.filter((own) => hasPrices(own, known, shiftMs)).length / paired.length;
}

function hasPrices(own: ImportedCandle, known: Known, shiftMs: number): boolean {
  const other = known.get(own.openTime - shiftMs);
  return other !== undefined && Number(own.openPrice) === Number(other.openPrice) &&
    Number(own.closePrice) === Number(other.closePrice) && Number(other.volume) > 0;
}

function shifted(candle: ImportedCandle, shiftMs: number): ImportedCandle {
  if (shiftMs === 0) return candle;
  const closeTime = candle.closeTime === undefined ? undefined : candle.closeTime - shiftMs;
  return { ...candle, openTime: candle.openTime - shiftMs, closeTime };
}
