import { DAY_MS, type EpochMs, type TimeRange } from "../../../lib/core/time.ts";
import { type CandleBlock, type CandleRow, lowerBound, unpackRow } from "./candle_block.ts";
import type { Series } from "./market.ts";

/** No candle is longer: a batch that ends earlier than this cannot hold the open candle. */
const LONGEST_MS = 31 * DAY_MS;

/** Selects candles; both bounds are open times, inclusive. */
export interface BatchQuery {
  readonly startTime: EpochMs | undefined;
  readonly endTime: EpochMs | undefined;
  readonly limit: number;
  /** Candles that open later do not exist yet. */
  readonly now: EpochMs;
}

/** A range of rows of one block. */
interface Slice {
  readonly block: CandleBlock;
  readonly from: number;
  readonly to: number;
}

/** The rows of one response, ascending: closed candles in blocks, then the open candle. */
export interface Batch {
  readonly slices: readonly Slice[];
  readonly open: CandleRow | undefined;
}

/**
 * As the exchange does: with a start the oldest from there, without one the newest up to the end.
 */
export function selectBatch(series: Series, query: BatchQuery): Batch {
  const { now, limit } = query;
  const bounds = { start: query.startTime ?? 0, last: Math.min(query.endTime ?? now, now), now };
  if (query.startTime === undefined) {
    const open = openIn(series, bounds);
    return { slices: newest(series, bounds, limit - (open ? 1 : 0)), open };
  }
  const slices = oldest(series, bounds, limit);
  const count = slices.reduce((sum, { from, to }) => sum + to - from, 0);
  return { slices, open: count < limit ? openIn(series, bounds) : undefined };
}

function openIn(series: Series, { start, last, now }: Bounds): CandleRow | undefined {
  if (last < now - LONGEST_MS) return undefined;
  const row = series.openCandle(now);
  return row !== undefined && row.open >= start && row.open <= last ? row : undefined;
}

interface Bounds {
  readonly start: EpochMs;
  readonly last: EpochMs;
  readonly now: EpochMs;
}

function oldest(series: Series, bounds: Bounds, limit: number): Slice[] {
  const slices: Slice[] = [];
  let left = limit;
  let time = series.next(bounds.start);
  while (left > 0 && time !== undefined && series.blockStart(time) <= bounds.last) {
    const block = series.blockAt(time);
    const { from, to } = within(block, bounds);
    const end = Math.min(to, from + left);
    if (end > from) slices.push({ block, from, to: end });
    left -= Math.max(0, end - from);
    time = series.next(block.range.to);
  }
  return slices;
}

function newest(series: Series, bounds: Bounds, limit: number): Slice[] {
  const slices: Slice[] = [];
  let left = limit;
  let time: EpochMs | undefined = bounds.last;
  while (left > 0 && time !== undefined && time >= bounds.start) {
    const block = series.blockAt(time);
    const { from, to } = within(block, bounds);
    const begin = Math.max(from, to - left);
    if (to > begin) slices.unshift({ block, from: begin, to });
    left -= Math.max(0, to - begin);
    time = series.last(block.range.from - 1);
  }
  return slices;
}

/** The block's closed rows that open within the bounds. */
function within(block: CandleBlock, { start, last, now }: Bounds): { from: number; to: number } {
  const from = lowerBound(block.opens, start);
  const opened = lowerBound(block.opens, last + 1);
  const closed = lowerBound(block.ends, now + 1);
  return { from, to: Math.min(opened, closed) };
}

const encoder = new TextEncoder();

/** The batch as the JSON that is sent. */
export function batchBytes({ slices, open }: Batch): Uint8Array<ArrayBuffer> {
  const tail = open === undefined ? undefined : encoder.encode(open.text + ",");
  let size = 1 + (tail?.length ?? 0);
  for (const { block, from, to } of slices) size += block.offsets[to]! - block.offsets[from]!;
  const bytes = new Uint8Array(size === 1 ? 2 : size);
  bytes[0] = 0x5b; // [
  let at = 1;
  for (const { block, from, to } of slices) {
    const part = block.bytes.subarray(block.offsets[from]!, block.offsets[to]!);
    bytes.set(part, at);
    at += part.length;
  }
  if (tail !== undefined) bytes.set(tail, at);
  bytes[bytes.length - 1] = 0x5d; // ] instead of the last comma
  return bytes;
}

/** The candles that open in a range and are closed at `now`, ascending. */
export function* closedRows(
  series: Series,
  { from, to }: TimeRange,
  now: EpochMs,
): Generator<CandleRow> {
  const end = Math.min(to, now);
  let time = series.next(from);
  while (time !== undefined && series.blockStart(time) < end) {
    const block = series.blockAt(time);
    for (let i = 0; i < block.opens.length; i++) {
      const isWanted = block.opens[i]! >= from && block.opens[i]! < end && block.ends[i]! <= now;
      if (isWanted) yield unpackRow(block, i);
    }
    time = series.next(block.range.to);
  }
}
