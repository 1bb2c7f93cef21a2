import type { EpochMs, TimeRange } from "../../../lib/core/time.ts";

/** One candle as it is sent. */
export interface CandleRow {
  readonly open: EpochMs;
  /** When it closes: normally the next candle's open time. */
  readonly end: EpochMs;
  /** JSON array of twelve, ASCII. */
  readonly text: string;
}

/** Consecutive candles as the bytes that are sent. */
export interface CandleBlock {
  /** `opens` contains every candle that opens in this range; the next block begins at `to`. */
  readonly range: TimeRange;
  readonly opens: Float64Array;
  readonly ends: Float64Array;
  /** Row `i` is `bytes[offsets[i] .. offsets[i + 1])`, including a trailing comma. */
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** `rows` ascend by open time. */
export function packBlock(range: TimeRange, rows: readonly CandleRow[]): CandleBlock {
  const opens = new Float64Array(rows.length);
  const ends = new Float64Array(rows.length);
  const offsets = new Uint32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) {
    opens[i] = row.open;
    ends[i] = row.end;
    offsets[i + 1] = offsets[i]! + row.text.length + 1;
  }
  const bytes = encoder.encode(rows.map((row) => row.text + ",").join(""));
  return { range, opens, ends, offsets, bytes };
}

export function unpackRow(block: CandleBlock, index: number): CandleRow {
  const bytes = block.bytes.subarray(block.offsets[index]!, block.offsets[index + 1]! - 1);
  return { open: block.opens[index]!, end: block.ends[index]!, text: decoder.decode(bytes) };
}

export function unpackBlock(block: CandleBlock): CandleRow[] {
  return Array.from(block.opens, (_, i) => unpackRow(block, i));
}

/** Memory used by a block, in bytes. */
export function blockWeight(block: CandleBlock): number {
  return block.bytes.length + block.opens.length * 20 + 200;
}

/** Index of the first entry that is at least `value`; `sorted.length` when there is none. */
export function lowerBound(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
