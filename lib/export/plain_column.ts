/**
 * Types of columns in PostgreSQL's binary COPY: integers, text as bytes of UTF-8, or digits of a
 * whole number as text, too many for an int8. `wide` is an int8 in a column that has room for
 * those.
 */
export type FieldKind = "int8" | "int4" | "text" | "digits" | "wide";

/** Size of the integers that `digits` and `wide` are converted to. */
export const DIGITS_BYTES = 16;
const WIDTH: Record<FieldKind, number> = {
  int8: 8,
  int4: 4,
  text: 16,
  digits: DIGITS_BYTES,
  wide: DIGITS_BYTES,
};

const decoder = new TextDecoder();

/**
 * Values of a column in Parquet's PLAIN encoding: integers little-endian, text after its length,
 * and digits and wide integers big-endian in `DIGITS_BYTES`.
 */
export class PlainColumn {
  readonly #kind: FieldKind;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #size = 0;
  #nulls: number[] = [];

  constructor(kind: FieldKind, rows: number) {
    this.#kind = kind;
    this.#bytes = new Uint8Array(rows * WIDTH[kind]);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Appends the field of `length` bytes at position `at` of a COPY. */
  append(from: DataView, at: number, length: number): void {
    if (this.#kind === "text") this.#reserve(this.#size + 4 + length);
    const size = this.#size;
    const to = this.#view;
    switch (this.#kind) {
      case "int8":
        to.setInt32(size, from.getInt32(at + 4), true);
        to.setInt32(size + 4, from.getInt32(at), true);
        this.#size += 8;
        return;
      case "int4":
        to.setInt32(size, from.getInt32(at), true);
        this.#size += 4;
        return;
      case "text":
        to.setInt32(size, length, true);
        this.#bytes.set(bytesOf(from, at, length), size + 4);
        this.#size += 4 + length;
        return;
      case "wide": {
        const high = from.getInt32(at);
        const sign = high < 0 ? -1 : 0;
        to.setInt32(size, sign);
        to.setInt32(size + 4, sign);
        to.setInt32(size + 8, high);
        to.setInt32(size + 12, from.getInt32(at + 4));
        this.#size += DIGITS_BYTES;
        return;
      }
      case "digits":
        this.#appendDigits(decoder.decode(bytesOf(from, at, length)));
    }
  }

  /** Notes that the field of row `row` is null; it has no bytes. */
  appendNull(row: number): void {
    this.#nulls.push(row);
  }

  /** Ascending. */
  get nulls(): readonly number[] {
    return this.#nulls;
  }

  /** The bytes appended since `clear`; valid until the next `append`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  /** The first and the last of int8 values, of which there is at least one. */
  get ends(): readonly [bigint, bigint] {
    return [this.#view.getBigInt64(0, true), this.#view.getBigInt64(this.#size - 8, true)];
  }

  clear(): void {
    this.#size = 0;
    this.#nulls = [];
  }

  #appendDigits(digits: string): void {
    const value = BigInt(digits);
    this.#view.setBigInt64(this.#size, value >> 64n);
    this.#view.setBigUint64(this.#size + 8, BigInt.asUintN(64, value));
    this.#size += DIGITS_BYTES;
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(size, 2 * this.#bytes.length));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

const bytesOf = (view: DataView, at: number, length: number) =>
  new Uint8Array(view.buffer, view.byteOffset + at, length);
