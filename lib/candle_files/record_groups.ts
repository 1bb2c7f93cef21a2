import { AppError } from "../core/errors.ts";
import { BATCH_ROWS } from "../ports/candle_table.ts";
import type { FileRecord } from "./record_rows.ts";

/** Records held in memory to sort a file; longer files must be in time order. */
export const MAX_SORTED = 100_000;

/** Records of one open time. */
export type RecordGroup = readonly FileRecord[];

/** A batch of groups in ascending order, and whether the file's newest candle is among them. */
export interface GroupBatch {
  readonly groups: readonly RecordGroup[];
  readonly hasNewest: boolean;
}

/**
 * Groups the records of a file by open time. Files of up to MAX_SORTED records are sorted; longer
 * ones must ascend or descend, as exports do, and are passed on as they are read.
 *
 * @throws `bad_payload` for a longer file in another order, naming the line
 */
export async function* groupRecords(
  batches: AsyncIterable<readonly FileRecord[]>,
  path: string,
): AsyncGenerator<GroupBatch> {
  let kept: FileRecord[] = [];
  let stream: OrderedGroups | undefined;
  for await (const records of batches) {
    if (stream === undefined) {
      for (const record of records) kept.push(record);
      if (kept.length <= MAX_SORTED) continue;
      stream = new OrderedGroups(path);
      for (let at = 0; at < kept.length; at += BATCH_ROWS) {
        yield* stream.take(kept.slice(at, at + BATCH_ROWS));
      }
      kept = [];
    } else yield* stream.take(records);
  }
  if (stream !== undefined) yield* stream.end();
  else if (kept.length > 0) yield { groups: sortGroups(kept), hasNewest: true };
}

function sortGroups(records: readonly FileRecord[]): RecordGroup[] {
  const groups = new Map<number, FileRecord[]>();
  for (const record of records) {
    const group = groups.get(record.candle.openTime);
    if (group === undefined) groups.set(record.candle.openTime, [record]);
    else group.push(record);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

/** Groups neighbouring records of a file in time order. */
class OrderedGroups {
  #path: string;
  #sign: 1 | -1 | undefined;
  #isFirst = true;
  #open: FileRecord[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  *take(records: readonly FileRecord[]): Generator<GroupBatch> {
    const groups: FileRecord[][] = [];
    for (const record of records) {
      const step = record.candle.openTime - (this.#open[0]?.candle.openTime ?? NaN);
      if (step === 0 || this.#open.length === 0) {
        this.#open.push(record);
        continue;
      }
      this.#sign ??= step > 0 ? 1 : -1;
      if (step * this.#sign < 0) throw this.#unordered(record);
      groups.push(this.#open);
      this.#open = [record];
    }
    if (groups.length === 0) return;
    yield this.#batch(groups, this.#sign === -1 && this.#isFirst);
    this.#isFirst = false;
  }

  *end(): Generator<GroupBatch> {
    if (this.#open.length > 0) yield this.#batch([this.#open], this.#sign !== -1);
  }

  #batch(groups: FileRecord[][], hasNewest: boolean): GroupBatch {
    return { groups: this.#sign === -1 ? groups.reverse() : groups, hasNewest };
  }

  #unordered({ line }: FileRecord): AppError {
    return new AppError(
      "bad_payload",
      `Cannot read ${this.#path}, line ${line}: files of more than ${MAX_SORTED} rows must be ` +
        "sorted by open time",
    );
  }
}
