/** Bytes `first` to `last`, both inclusive, as HTTP counts them. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** A requested `Range` before the size is known; `first` undefined: the last `last` bytes. */
export interface WantedRange {
  readonly first: number | undefined;
  readonly last: number | undefined;
}

const ONE_RANGE = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i;

/**
 * The single requested byte range, if `If-Range` matches `etag`. Without a range, or with several
 * or a malformed one, the response is the whole file, as RFC 9110 § 14.2 allows.
 */
export function wantedRange(request: Request, etag: string): WantedRange | undefined {
  const [, first, last] = ONE_RANGE.exec(request.headers.get("range") ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") return undefined;
  const condition = request.headers.get("if-range");
  if (condition !== null && condition.trim() !== etag) return undefined;
  const wanted = {
    first: first === "" ? undefined : Number(first),
    last: last === "" ? undefined : Number(last),
  };
  const isBackwards = wanted.first !== undefined && wanted.last !== undefined &&
    wanted.first > wanted.last;
  return isBackwards ? undefined : wanted;
}

/** `wanted` limited to `size` bytes; `undefined` when it is outside. */
export function fitRange({ first, last }: WantedRange, size: number): ByteRange | undefined {
  if (first === undefined) {
    return last === 0 || size === 0
      ? undefined
      : { first: Math.max(0, size - last!), last: size - 1 };
  }
  return first < size ? { first, last: Math.min(last ?? size - 1, size - 1) } : undefined;
}
