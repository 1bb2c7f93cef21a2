import { isMicroseconds } from "../time.ts";
import { ApiError, illegalCharacters, notSent } from "./api_error.ts";

const DIGITS = /^[0-9]{1,20}$/;
const MAX_LONG = 9_223_372_036_854_775_807n;

/** Parameters of signed requests, which public routes refuse. */
const UNWANTED = ["timestamp", "recvWindow", "signature"];

/** The parameters of a request, read one by one. `finish` refuses unread ones. */
export class Params {
  readonly #pairs: readonly (readonly [string, string])[];
  readonly #read = new Set<string>();

  constructor(query: string) {
    this.#pairs = [...new URLSearchParams(query)];
  }

  get count(): number {
    return this.#pairs.length;
  }

  /** Returns a value without marking it as read, to compute the weight. */
  peek(name: string): string | undefined {
    return this.#pairs.find(([key]) => key === name)?.[1];
  }

  optional(name: string): string | undefined {
    const values = this.#pairs.filter(([key]) => key === name);
    if (values.length === 0) return undefined;
    this.#read.add(name);
    if (values.length > 1) {
      throw new ApiError(-1101, "Duplicate values for a parameter detected.");
    }
    const [[, value]] = values as [readonly [string, string]];
    if (value === "") throw new ApiError(-1105, `Parameter '${name}' was empty.`);
    return value;
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw notSent(name);
    return value;
  }

  /** A whole number that fits 63 bits. */
  integer(name: string): bigint | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (!DIGITS.test(text)) throw illegalCharacters(name, DIGITS.source);
    const value = BigInt(text);
    if (value > MAX_LONG) throw new ApiError(-1108, `Parameter '${name}' overflowed.`);
    return value;
  }

  /** Parses ms or µs by magnitude. Returns ms, fractional for µs. */
  time(name: string): number | undefined {
    const value = this.integer(name);
    if (value === undefined) return undefined;
    return isMicroseconds(Number(value)) ? Number(value) / 1000 : Number(value);
  }

  flag(name: string, absent: boolean): boolean {
    const text = this.optional(name);
    if (text === undefined) return absent;
    if (text !== "true" && text !== "false") throw illegalCharacters(name, "^(true|false)$");
    return text === "true";
  }

  /** Refuses parameters that were not read. */
  finish(): void {
    const unwanted = this.#pairs.find(([name]) => UNWANTED.includes(name));
    if (unwanted !== undefined) {
      throw new ApiError(-1106, `Parameter '${unwanted[0]}' sent when not required.`);
    }
    if (this.#read.size < this.count) {
      throw new ApiError(
        -1104,
        `Not all sent parameters were read; read '${this.#read.size}' parameter(s) ` +
          `but was sent '${this.count}'.`,
      );
    }
  }

  /** Refuses all parameters. */
  refuseAll(): void {
    if (this.count > 0) {
      throw new ApiError(-1101, `Too many parameters; expected '0' and received '${this.count}'.`);
    }
  }
}
