import { AppError } from "../core/errors.ts";
import { isUtf16, isZip, startsWith } from "../binance/files/file_kind.ts";
import type { FileKind } from "./formats.ts";

/** A file's outer form. */
export type OuterKind = FileKind | "zip" | "gzip" | "zstd";

/** Accepted files, for error messages. */
export const ACCEPTED_FILES =
  "accepted are CSV, JSON, Feather (Arrow IPC), Parquet and Gekko's SQLite files " +
  "with candles, also compressed with gzip, Zstandard or as zip";

const MAGIC: readonly (readonly [OuterKind, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["parquet", [0x50, 0x41, 0x52, 0x31]],
  ["arrow", [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]],
  ["arrow", [0xff, 0xff, 0xff, 0xff]], // as a stream
  ["sqlite", [...new TextEncoder().encode("SQLite format 3\0")]],
];

/** Formats that are not read, and what to do. */
const REFUSED: readonly (readonly [readonly number[], string])[] = [
  [[0x42, 0x5a, 0x68], "it is compressed with bzip2: decompress it with bunzip2"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "it is compressed with xz: decompress it with unxz"],
  [[0x37, 0x7a, 0xbc, 0xaf], "it is a 7z archive: extract it"],
  [[0x52, 0x61, 0x72, 0x21], "it is a rar archive: extract it"],
  [[0xd0, 0xcf, 0x11, 0xe0], "it is an Excel workbook: save its sheet as CSV (UTF-8)"],
  [[0x89, 0x48, 0x44, 0x46], "it is HDF5: convert it, in freqtrade with convert-data"],
  [[0x46, 0x45, 0x41, 0x31], "it is Feather version 1: write it again with pandas 1.0 or newer"],
  [[0x80, 0x03], "it is a Python pickle, which can run programs: save the table as Parquet"],
  [[0x80, 0x04], "it is a Python pickle, which can run programs: save the table as Parquet"],
  [[0x80, 0x05], "it is a Python pickle, which can run programs: save the table as Parquet"],
];

/**
 * Detects the outer form of a file from its first bytes, because names are often wrong.
 *
 * @throws `bad_payload` for forms that are not read, with what to do
 */
export function detectKind(head: Uint8Array, path: string): OuterKind {
  if (isZip(head)) return "zip";
  const found = MAGIC.find(([, magic]) => startsWith(head, magic))?.[0];
  if (found !== undefined) return found;
  const refused = REFUSED.find(([magic]) => startsWith(head, magic))?.[1];
  if (refused !== undefined) throw unreadable(path, refused);
  const text = new TextDecoder().decode(head).replace(/^\ufeff/, "").trimStart();
  if (text === "") throw unreadable(path, "it is empty");
  if (head.includes(0) && !isUtf16(head)) throw unreadable(path, "it is not text");
  if (/^\[/.test(text)) return "json";
  if (/^\{/.test(text)) return "ndjson";
  if (/^<(!doctype html|html|head|body)/i.test(text)) {
    const cause = "it is a web page, probably an error page that was saved under this name";
    throw unreadable(path, `${cause}: download it again`);
  }
  if (text.startsWith("<")) {
    throw unreadable(path, "it is XML, probably an error answer: download it again");
  }
  return "text";
}

const unreadable = (path: string, reason: string) =>
  new AppError("bad_payload", `Cannot read ${path}: ${reason}; ${ACCEPTED_FILES}`);
