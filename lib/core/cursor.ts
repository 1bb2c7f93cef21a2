/** A position in a series' changes: its lineage, and the number of changes in it. */
export interface SeriesMark {
  /**
   * Identifies this history of the series, for example after its rows were deleted; a whole number
   * below 2^52.
   */
  readonly lineage: number;
  /** Grows with every committed change. */
  readonly version: number;
}

/** Versions by lineage: the state that a returning reader keeps. */
export type Cursor = ReadonlyMap<number, number>;

const RADIX = 36;
const PATTERN = /^[0-9a-z]{1,11}-[0-9a-z]{1,11}(?:\.[0-9a-z]{1,11}-[0-9a-z]{1,11})*$/;

/** Encodes marks as text that needs no escaping in URLs and headers. */
export function formatCursor(marks: readonly SeriesMark[]): string {
  const body = marks.map(({ lineage, version }) =>
    `${lineage.toString(RADIX)}-${version.toString(RADIX)}`
  ).join(".");
  return seal(body);
}

/** @throws {RangeError} when `text` is not an unchanged result of `formatCursor` */
export function parseCursor(text: string): Cursor {
  const body = open(text);
  if (!PATTERN.test(body)) throw new RangeError("is not a cursor");
  const marks = body.split(".").map((mark) =>
    mark.split("-").map((digits) => Number.parseInt(digits, RADIX)) as [number, number]
  );
  return new Map(marks);
}

/** Encodes a name as a cursor behind it in an ordered list. */
export function formatNameCursor(name: string): string {
  return seal(
    new TextEncoder().encode(name).toBase64({ alphabet: "base64url", omitPadding: true }),
  );
}

/** @throws {RangeError} when `text` is not an unchanged result of `formatNameCursor` */
export function parseNameCursor(text: string): string {
  try {
    const bytes = Uint8Array.fromBase64(open(text), { alphabet: "base64url" });
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RangeError("is not a cursor");
  }
}

const seal = (body: string) => `${body}~${checkOf(body)}`;

/** @throws {RangeError} when `text` is not an unchanged result of `seal` */
function open(text: string): string {
  const [body = "", check, ...rest] = text.split("~");
  if (rest.length > 0 || check !== checkOf(body)) throw new RangeError("is not a cursor");
  return body;
}

/** FNV-1a, 32 bits: detects a cursor that was truncated or changed. */
function checkOf(body: string): string {
  let hash = 0x811c9dc5;
  for (const char of body) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(RADIX);
}
