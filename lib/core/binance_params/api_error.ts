/**
 * An error in Binance's format, such as `{"code":-1121,"msg":"Invalid symbol."}`. Source of codes
 * and texts: github.com/binance/binance-spot-api-docs, errors.md.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  readonly status: number;

  constructor(code: number, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }

  /** The body of the answer. */
  toBody(): { code: number; msg: string } {
    return { code: this.code, msg: this.message };
  }
}

/** `pattern` is shown, and may differ from the actual check. */
export function illegalCharacters(name: string, pattern: string): ApiError {
  return new ApiError(
    -1100,
    `Illegal characters found in parameter '${name}'; legal range is '${pattern}'.`,
  );
}

export function notSent(name: string): ApiError {
  return new ApiError(
    -1102,
    `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
  );
}

export function invalidValue(name: string): ApiError {
  return new ApiError(-1130, `Data sent for parameter '${name}' is not valid.`);
}

export function badCombination(): ApiError {
  return new ApiError(-1128, "Combination of optional parameters invalid.");
}

export function invalidSymbol(): ApiError {
  return new ApiError(-1121, "Invalid symbol.");
}
