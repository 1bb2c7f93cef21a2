import { AppError } from "../../core/errors.ts";

/** Number of leading bytes that identify a file's kind. */
export const HEAD_BYTES = 4096;

/** Accepted files, for error messages. */
export const ACCEPTED = "accepted are CSV files of candles, also in zips";

/** Magic bytes of formats. Source: the formats' specifications. */
const MAGIC: readonly (readonly [readonly number[], string])[] = [
  [[0x1f, 0x8b], "it is compressed with gzip: decompress it with gunzip"],
  [[0x28, 0xb5, 0x2f, 0xfd], "it is compressed with Zstandard: decompress it with unzstd"],
  [[0x42, 0x5a, 0x68], "it is compressed with bzip2: decompress it with bunzip2"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "it is compressed with xz: decompress it with unxz"],
  [[0x37, 0x7a, 0xbc, 0xaf], "it is a 7z archive: extract it"],
  [[0x52, 0x61, 0x72, 0x21], "it is a rar archive: extract it"],
  [[0x50, 0x41, 0x52, 0x31], "it is Parquet: extract it"],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], "it is an Arrow file: extract it"],
  [[0xd0, 0xcf, 0x11, 0xe0], "it is an Excel workbook: save its sheet as CSV (UTF-8)"],
  [[0xff, 0xfe], "it is UTF-16 text: save it as UTF-8"],
  [[0xfe, 0xff], "it is UTF-16 text: save it as UTF-8"],
];

/** @throws `bad_payload` for a beginning that is not CSV */
export function requireCsv(head: Uint8Array, path: string): void {
  const found = MAGIC.find(([magic]) => startsWith(head, magic))?.[1];
  const inWords = isZip(head) ? "it is a zip in a zip: extract it" : found;
  const reason = inWords ?? (isUtf16(head) ? MAGIC.at(-1)![1] : textProblem(head));
  if (reason !== undefined) throw unreadable(path, reason);
}

export const startsWith = (head: Uint8Array, magic: readonly number[]) =>
  magic.every((byte, i) => head[i] === byte);

export const isZip = (head: Uint8Array) =>
  startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6]);

const unreadable = (path: string, reason: string) =>
  new AppError("bad_payload", `Cannot read ${path}: ${reason}; ${ACCEPTED}`);

/** UTF-16 without a byte order mark: every other byte of digits and commas is 0. */
export function isUtf16(head: Uint8Array): boolean {
  const zeros = [0, 1].map((odd) => head.filter((byte, i) => i % 2 === odd && byte === 0).length);
  return head.length >= 8 && Math.max(...zeros) * 3 > head.length && Math.min(...zeros) === 0;
}

function textProblem(head: Uint8Array): string | undefined {
  if (head.includes(0)) return "it is not text";
  const text = new TextDecoder().decode(head).trimStart();
  if (text === "") {
    return head.length < HEAD_BYTES ? "it is empty" : "it starts with a long run of blanks";
  }
  if (/^<(!doctype html|html|head|body)/i.test(text)) {
    return "it is a web page, probably an error page that was saved under this name: download it again";
  }
  if (text.startsWith("<")) return "it is XML, probably an error answer: download it again";
  if (/^[[{]/.test(text)) {
    return "it is JSON: extract it";
  }
  if (!text.includes("\n") && /\r./.test(text)) {
    return "its lines end in CR only (classic Mac OS): save it with LF or CR LF line ends";
  }
  return separatorProblem(text.split(/\r?\n/, 3));
}

/** Columns of a candle; decimal commas add columns. */
const MIN_COLUMNS = 7;

function separatorProblem(lines: readonly string[]): string | undefined {
  const separator = [";", "\t", "|"].find((one) =>
    lines.some((line) => line.split(one).length >= MIN_COLUMNS)
  );
  if (separator === undefined) return undefined;
  const name = separator === "\t" ? "tabs" : `'${separator}'`;
  const hasDecimalCommas = lines.some((line) => /^\d+,\d+$/.test(line.split(separator)[1] ?? ""));
  return `its columns are separated by ${name}: save it with commas` +
    (hasDecimalCommas ? ", and with decimal points" : "");
}
