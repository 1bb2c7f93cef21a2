import { joinBytes } from "./join_bytes.ts";
import { type FieldKind, PlainColumn } from "./plain_column.ts";

const SIGNATURE_BYTES = 11;
const HEADER_BYTES = SIGNATURE_BYTES + 8;
const END = -1;
/** Length of a null. */
const NULL = -1;

/** Rows stored by columns, up to a capacity. */
export class TupleBatch {
  readonly columns: readonly PlainColumn[];
  readonly capacity: number;
  rows = 0;

  constructor(kinds: readonly FieldKind[], capacity: number) {
    this.capacity = capacity;
    this.columns = kinds.map((kind) => new PlainColumn(kind, capacity));
  }

  clear(): void {
    this.rows = 0;
    for (const column of this.columns) column.clear();
  }
}

/**
 * Reads the bytes of one binary COPY in arbitrary chunks. Format:
 * postgresql.org/docs/18/sql-copy.html, "Binary Format".
 */
export class TupleReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #isInside = false;

  /** Appends the next bytes; complete rows of earlier ones must have been read. */
  add(chunk: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#at);
    this.#bytes = rest.length === 0 ? chunk : joinBytes(rest, chunk);
    this.#view = new DataView(
      this.#bytes.buffer,
      this.#bytes.byteOffset,
      this.#bytes.byteLength,
    );
    this.#at = 0;
  }

  /** Reads complete rows into `batch`; returns whether it is full. */
  fill(batch: TupleBatch): boolean {
    if (!this.#isInside && !this.#skipHeader()) return false;
    while (batch.rows < batch.capacity) {
      const end = this.#endOfTuple(batch.columns.length);
      if (end === undefined) return false;
      this.#readTuple(batch);
      this.#at = end;
    }
    return true;
  }

  /** True if all rows and the trailer have been read; false for a truncated COPY. */
  get isWhole(): boolean {
    const rest = this.#bytes.length - this.#at;
    return this.#isInside && rest >= 2 && this.#view.getInt16(this.#at) === END;
  }

  #skipHeader(): boolean {
    if (this.#bytes.length < HEADER_BYTES) return false;
    this.#at = HEADER_BYTES + this.#view.getInt32(HEADER_BYTES - 4);
    return this.#isInside = true;
  }

  /** End of the next tuple; `undefined` when it is incomplete, or there is none. */
  #endOfTuple(fields: number): number | undefined {
    const size = this.#bytes.length;
    let at = this.#at;
    if (at + 2 > size || this.#view.getInt16(at) === END) return undefined;
    at += 2;
    for (let i = 0; i < fields; i++) {
      if (at + 4 > size) return undefined;
      at += 4 + Math.max(0, this.#view.getInt32(at));
    }
    return at > size ? undefined : at;
  }

  #readTuple(batch: TupleBatch): void {
    let at = this.#at + 2;
    for (const column of batch.columns) {
      const length = this.#view.getInt32(at);
      if (length === NULL) column.appendNull(batch.rows);
      else column.append(this.#view, at + 4, length);
      at += 4 + Math.max(0, length);
    }
    batch.rows++;
  }
}
