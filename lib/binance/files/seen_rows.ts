import { AppError } from "../../core/errors.ts";
import type { Kline } from "../../core/kline.ts";
import { type EpochMs, toIso } from "../../core/time.ts";
import type { CsvRow } from "./kline_csv.ts";

/** Most rows remembered, to bound memory. Longer files must be in time order. */
const MAX_REMEMBERED = 100_000;

/** Finds rows that repeat or contradict an earlier row of the file. */
export class SeenRows {
  #path: string;
  /** Remembered rows in the file's order, each open time once. */
  #rows: CsvRow[] = [];
  /** The first ones of them by open time; files in time order need no index. */
  #index = new Map<EpochMs, CsvRow>();
  #last: CsvRow | undefined;
  #forgotten = false;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Returns true if the row repeats an earlier one; remembers it otherwise.
   *
   * @throws `bad_payload` for a second value of one open time, naming both lines
   */
  has(row: CsvRow): boolean {
    const { openTime } = row.kline;
    const isOrdered = openTime > (this.#last?.kline.openTime ?? -Infinity);
    const earlier = isOrdered ? undefined : this.#find(openTime);
    if (earlier !== undefined) {
      this.#requireEqual(earlier, row);
      return true;
    }
    if (this.#forgotten && !isOrdered) throw this.#unordered(row);
    if (this.#rows.length >= MAX_REMEMBERED) {
      this.#rows = [];
      this.#index.clear();
      this.#forgotten = true;
    }
    this.#rows.push(row);
    if (isOrdered) this.#last = row;
    return false;
  }

  #find(openTime: EpochMs): CsvRow | undefined {
    for (let i = this.#index.size; i < this.#rows.length; i++) {
      const row = this.#rows[i]!;
      this.#index.set(row.kline.openTime, row);
    }
    return this.#index.get(openTime);
  }

  #requireEqual(a: CsvRow, b: CsvRow): void {
    const differing = (Object.keys(a.kline) as (keyof Kline)[]).find((key) =>
      a.kline[key] !== b.kline[key] && valueOf(a.kline[key]) !== valueOf(b.kline[key])
    );
    if (differing === undefined) return;
    const column = differing.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    throw new AppError(
      "bad_payload",
      `Cannot trust ${this.#path}: lines ${a.line} and ${b.line} disagree about the ` +
        `candle of ${toIso(a.kline.openTime)}: ${column} is ${a.kline[differing]} and ` +
        `${b.kline[differing]}; remove the wrong one`,
    );
  }

  #unordered({ line }: CsvRow): AppError {
    return new AppError(
      "bad_payload",
      `Cannot read ${this.#path}, line ${line}: files of more than ${MAX_REMEMBERED} rows must ` +
        "be sorted by open time",
    );
  }
}

/** A decimal without the zeros at its end. */
function valueOf(value: string | number): string {
  const text = String(value);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
