import { AppError } from "../../core/errors.ts";

/** Far longer than any row of candles: rejects a file without line ends. */
const MAX_LINE_CHARS = 2_000;
/** Lines yielded together. */
const BATCH_LINES = 8_192;

/** Lines of a text, without their ends. */
export interface Lines {
  /** Number of the first one, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
  /** True if the last line is the end of the text and has no line end. */
  readonly isCut: boolean;
}

/** Encoding and line ends of a text. */
export interface TextForm {
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
  /** Lines end with CR only, as on classic Mac OS. */
  readonly hasCrOnly: boolean;
}

const USUAL: TextForm = { encoding: "utf-8", hasCrOnly: false };

/**
 * Splits text into lines, in time linear in its length and with bounded memory. A byte order mark
 * is dropped.
 *
 * @throws `bad_payload` for bytes in another encoding and for a line that is too long
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  form = USUAL,
): AsyncGenerator<Lines> {
  let first = 1;
  let lines: string[] = [];
  let rest = "";
  for await (const text of decode(bytes, path, form.encoding)) {
    const parts = text.split(form.hasCrOnly ? "\r" : "\n");
    parts[0] = rest + parts[0]!;
    rest = parts.pop()!;
    for (const part of parts) lines.push(part.endsWith("\r") ? part.slice(0, -1) : part);
    const long = [...parts, rest].findIndex((part) => part.length > MAX_LINE_CHARS);
    if (long >= 0) throw endless(path, first + lines.length - parts.length + long);
    if (lines.length < BATCH_LINES) continue;
    yield { first, lines, isCut: false };
    first += lines.length;
    lines = [];
  }
  const isCut = rest !== "";
  if (isCut) lines.push(rest);
  if (lines.length > 0) yield { first, lines, isCut };
}

async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  encoding: TextForm["encoding"],
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const read = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new AppError(
        "bad_payload",
        `Cannot read ${path}: it is not ${encoding.toUpperCase()} text; save it as UTF-8`,
      );
    }
  };
  for await (const chunk of bytes) yield read(chunk);
  yield read();
}

function endless(path: string, line: number): AppError {
  return new AppError(
    "bad_payload",
    `Cannot read ${path}, line ${line}: it is longer than ${MAX_LINE_CHARS} characters, ` +
      "which no candle row is",
  );
}
