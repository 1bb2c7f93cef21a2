/** Decimals of every price and volume that the exchange sends. */
const DECIMALS = 8;

/** The largest power of ten for small-integer arithmetic. */
const CHUNK = 100_000_000;
const CHUNK_DIGITS = 8;

const POWERS = Array.from({ length: DECIMALS + 1 }, (_, i) => 10 ** i);

/** The digits of 00 to 99. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, i) => {
  const number = i >> 1;
  return 0x30 + (i % 2 === 0 ? Math.floor(number / 10) : number % 10);
});

const decoder = new TextDecoder();

/** Writes digits as bytes: strings of a million candles would take garbage collection too long. */
export class AsciiWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  text(text: string): void {
    const at = this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[at + i] = text.charCodeAt(i);
  }

  /** A whole number from 0 to 2^53. */
  integer(value: number): void {
    let digits = 1;
    for (let power = 10; power <= value; power *= 10) digits++;
    this.#digits(value, digits);
  }

  /** `units / 10^decimals` with eight decimals: `635`, 4 → `0.06350000`. */
  fixed(units: number, decimals: number): void {
    const scale = POWERS[decimals]!;
    const whole = Math.floor(units / scale);
    this.decimal(whole, units - whole * scale, decimals);
  }

  /** `whole + fraction / 10^decimals` with eight decimals; the fraction may exceed one. */
  decimal(whole: number, fraction: number, decimals: number): void {
    const scale = POWERS[decimals]!;
    const more = Math.floor(fraction / scale);
    this.integer(whole + more);
    this.text(".");
    this.#digits((fraction - more * scale) * POWERS[DECIMALS - decimals]!, DECIMALS);
  }

  /** The bytes so far. Later writes may change them. */
  toBytes(): Uint8Array {
    const isSnug = this.#length > 0.9 * this.#bytes.length;
    return isSnug ? this.#bytes.subarray(0, this.#length) : this.#bytes.slice(0, this.#length);
  }

  toString(): string {
    return decoder.decode(this.#bytes.subarray(0, this.#length));
  }

  #digits(value: number, count: number): void {
    const at = this.#reserve(count);
    const bytes = this.#bytes;
    let end = at + count;
    for (let rest = value; end > at;) {
      const upper = Math.floor(rest / CHUNK);
      let chunk = (rest - upper * CHUNK) | 0;
      const from = Math.max(at, end - CHUNK_DIGITS);
      while (end - from >= 2) {
        const hundredth = (chunk / 100) | 0;
        const pair = (chunk - hundredth * 100) * 2;
        bytes[--end] = PAIRS[pair + 1]!;
        bytes[--end] = PAIRS[pair]!;
        chunk = hundredth;
      }
      if (end > from) bytes[--end] = 0x30 + chunk % 10;
      rest = upper;
    }
  }

  /** Reserves `count` bytes and returns their position. */
  #reserve(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return at;
  }
}
