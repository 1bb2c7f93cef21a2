import type { Interval } from "../../../lib/core/interval.ts";
import type { EpochMs, TimeRange } from "../../../lib/core/time.ts";
import { type CandleBlock, type CandleRow, packBlock, unpackBlock } from "./candle_block.ts";
import { FIELD, type KlineChange, type KlineRow, parseRow } from "./kline_row.ts";

interface Gap extends TimeRange {
  /** Absent: in every interval. */
  readonly interval: Interval | undefined;
}

/** A closed candle that the exchange sends with other values from now on. */
interface Revision {
  readonly interval: Interval;
  readonly openTime: EpochMs;
  readonly change: KlineChange;
}

/** Gaps and revisions of one symbol since the start. */
export class SymbolEdits {
  /** Grows with every edit. */
  version = 1;
  #gaps: Gap[] = [];
  readonly #revisions: Revision[] = [];

  hide(range: TimeRange, interval: Interval | undefined): void {
    this.#gaps.push({ ...range, interval });
    this.version++;
  }

  /** Unhides candles that open in the range, whichever call hid them. */
  unhide(range: TimeRange, interval: Interval | undefined): void {
    this.#gaps = this.#gaps.flatMap((gap) => {
      if (interval !== undefined && gap.interval !== interval) return gap;
      return [
        { ...gap, to: Math.min(gap.to, range.from) },
        { ...gap, from: Math.max(gap.from, range.to) },
      ].filter(({ from, to }) => from < to);
    });
    this.version++;
  }

  revise(revision: Revision): void {
    this.#revisions.push(revision);
    this.version++;
  }

  hides(open: EpochMs, interval: Interval): boolean {
    return this.#gaps.some((gap) =>
      (gap.interval ?? interval) === interval && open >= gap.from && open < gap.to
    );
  }

  applyTo(block: CandleBlock, interval: Interval): CandleBlock {
    const rows = unpackBlock(block);
    const edited = rows.filter(({ open }) => !this.hides(open, interval))
      .map((row) => this.#revised(row, interval));
    const isSame = edited.length === rows.length && edited.every((row, i) => row === rows[i]);
    return isSame ? block : packBlock(block.range, edited);
  }

  #revised(row: CandleRow, interval: Interval): CandleRow {
    const changes = this.#revisions.filter((one) =>
      one.interval === interval && one.openTime === row.open
    );
    if (changes.length === 0) return row;
    const fields = parseRow(row.text);
    for (const { change } of changes) applyChange(fields, change);
    return { ...row, text: JSON.stringify(fields) };
  }
}

function applyChange(fields: KlineRow, change: KlineChange): void {
  for (const [name, value] of Object.entries(change)) {
    (fields as unknown[])[FIELD[name as keyof KlineChange]] = value;
  }
  // No close may be above the high.
  if (change.high === undefined) fields[FIELD.high] = extreme(fields, 1);
  if (change.low === undefined) fields[FIELD.low] = extreme(fields, -1);
}

/** The highest (1) or lowest (-1) of the four prices. */
function extreme([, ...fields]: KlineRow, sign: 1 | -1): string {
  const prices = fields.slice(0, 4) as string[];
  return prices.reduce((a, b) => Number(b) * sign > Number(a) * sign ? b : a);
}

/** All edits, by symbol. */
export class Edits {
  readonly #symbols = new Map<string, SymbolEdits>();

  of(symbol: string): SymbolEdits | undefined {
    return this.#symbols.get(symbol);
  }

  for(symbol: string): SymbolEdits {
    const known = this.#symbols.get(symbol) ?? new SymbolEdits();
    this.#symbols.set(symbol, known);
    return known;
  }
}
