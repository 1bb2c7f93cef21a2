/** What PostgreSQL's binary COPY holds in a column: `text` as bytes of UTF-8. */
export type FieldKind = "int8" | "int4" | "text";

export type FieldColumn = BigInt64Array | Int32Array | string[];

const SIGNATURE_BYTES = 11;
const HEADER_BYTES = SIGNATURE_BYTES + 8;
const END = -1;
const decoder = new TextDecoder();

/** Rows as columns, up to a capacity. */
export class TupleBatch {
  readonly columns: readonly FieldColumn[];
  readonly capacity: number;
  rows = 0;

  constructor(kinds: readonly FieldKind[], capacity: number) {
    this.capacity = capacity;
    this.columns = kinds.map((kind) => {
      if (kind === "int8") return new BigInt64Array(capacity);
      return kind === "int4" ? new Int32Array(capacity) : new Array<string>(capacity).fill("");
    });
  }
}

/**
 * Reads the bytes of one binary COPY, cut anywhere. Columns are never null.
 * Format: postgresql.org/docs/18/sql-copy.html, "Binary Format".
 */
export class TupleReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #view = new DataView(new ArrayBuffer(0));
  #isInside = false;

  /** Takes the next bytes; what came before must have been read to where it is cut. */
  add(chunk: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#at);
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
    this.#at = 0;
  }

  /** Reads whole rows into `batch`; returns whether that is full, and should be emptied. */
  fill(batch: TupleBatch): boolean {
    if (!this.#isInside && !this.#skipHeader()) return false;
    while (batch.rows < batch.capacity) {
      const end = this.#readTuple(batch);
      if (end === undefined) return false;
      this.#at = end;
      batch.rows++;
    }
    return true;
  }

  /** Whether all rows were read and the trailer has come: a COPY that was cut off has none. */
  get isWhole(): boolean {
    const rest = this.#bytes.length - this.#at;
    return this.#isInside && rest >= 2 && this.#view.getInt16(this.#at) === END;
  }

  #skipHeader(): boolean {
    if (this.#bytes.length < HEADER_BYTES) return false;
    this.#at = HEADER_BYTES + this.#view.getInt32(HEADER_BYTES - 4);
    return this.#isInside = true;
  }

  /** Where the next tuple begins, or `undefined` when this one is not there yet, or none is left. */
  #readTuple({ columns, rows }: TupleBatch): number | undefined {
    const view = this.#view;
    const size = this.#bytes.length;
    let at = this.#at;
    if (at + 2 > size || view.getInt16(at) === END) return undefined;
    at += 2;
    for (const column of columns) {
      if (at + 4 > size) return undefined;
      const length = view.getInt32(at);
      at += 4;
      if (at + length > size) return undefined;
      if (column instanceof BigInt64Array) column[rows] = view.getBigInt64(at);
      else if (column instanceof Int32Array) column[rows] = view.getInt32(at);
      else column[rows] = decoder.decode(this.#bytes.subarray(at, at + length));
      at += length;
    }
    return at;
  }
}
