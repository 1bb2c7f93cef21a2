import { Buffer } from "node:buffer";
import { createGunzip } from "node:zlib";
import { Decompress } from "fzstd";
import { AppError } from "../core/errors.ts";
import { HEAD_BYTES } from "../binance/files/file_kind.ts";
import type { FileKind } from "./formats.ts";
import { readJsonTable } from "./json_table.ts";
import { detectKind } from "./kinds.ts";
import type { TablePart } from "../ports/candle_table.ts";
import { detectDialect, readTextTable } from "./text_table.ts";

/** A table in a file, which can be read several times. */
export interface TableSource {
  readonly kind: FileKind;
  /** Symbol that the file states outside its name and columns. */
  readonly symbol?: string;
  /** Its columns name one series throughout. */
  readonly isOneSeries?: boolean;
  read(): AsyncIterable<TablePart>;
}

/** The bytes of a text file, from the beginning at each call. */
export type OpenBytes = () => AsyncIterable<Uint8Array>;

/** A table in CSV or JSON, in the encoding and dialect that its first bytes show. */
export function openTextSource(bytes: OpenBytes, head: Uint8Array, path: string): TableSource {
  const kind = detectKind(head, path);
  if (kind === "json" || kind === "ndjson") {
    return { kind, read: () => readJsonTable(bytes(), kind === "json", path) };
  }
  if (kind !== "text") {
    throw new AppError(
      "bad_payload",
      `Cannot read ${path}: it holds a ${kind} file: extract it first`,
    );
  }
  const dialect = detectDialect(head);
  return { kind, read: () => readTextTable(bytes(), dialect, path) };
}

/** The tables of a file whose format needs random access. */
export async function openBinarySources(
  kind: "arrow" | "parquet" | "sqlite",
  path: string,
): Promise<TableSource[]> {
  if (kind === "arrow") {
    const { readArrowTable } = await import("./arrow_table.lazy.ts");
    return [{ kind, read: () => readArrowTable(path) }];
  }
  if (kind === "parquet") {
    const { readParquetTable } = await import("./parquet_table.lazy.ts");
    return [{ kind, read: () => readParquetTable(path) }];
  }
  const { listGekkoTables, readGekkoTable } = await import("./gekko_table.lazy.ts");
  return listGekkoTables(path).map(({ name, symbol }) => ({
    kind,
    symbol,
    read: () => readAsync(readGekkoTable(path, name)),
  }));
}

async function* readAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** Decompresses a file; damage is reported with its path. */
export function decompressed(bytes: OpenBytes, kind: "gzip" | "zstd", path: string): OpenBytes {
  return async function* () {
    try {
      yield* kind === "gzip" ? gunzip(bytes()) : decompressZstd(bytes());
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError(
        "bad_payload",
        `Cannot decompress ${path}: ${reason}: it is cut off or damaged`,
      );
    }
  };
}

/** Bytes that are decompressed together. */
const ZSTD_BYTES = 65_536;

/**
 * The runtime's own Zstandard stream ends without an error where a file is cut off, and after the
 * first frame of several, so that a part of a file would pass for all of it.
 */
async function* decompressZstd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let found: Uint8Array[] = [];
  const stream = new Decompress((chunk) => found.push(chunk));
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += ZSTD_BYTES) {
      stream.push(chunk.slice(at, at + ZSTD_BYTES));
      yield* found;
      found = [];
    }
  }
  stream.push(new Uint8Array(0), true);
  yield* found;
}

async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = createGunzip();
  const feed = feedStream(stream, bytes);
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
    await feed;
  } finally {
    stream.destroy();
    await feed.catch(() => {}); // its failure is the stream's
  }
}

async function feedStream(
  stream: ReturnType<typeof createGunzip>,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of bytes) {
    if (stream.destroyed) return;
    if (!stream.write(chunk)) {
      await new Promise<void>((resolve) => {
        stream.once("drain", resolve);
        stream.once("close", resolve);
      });
    }
  }
  stream.end();
}

/**
 * The first line of a text in UTF-8 without its byte order mark; `""` for other content.
 *
 * @throws `bad_payload` for content that is not read, with what to do
 */
export function firstLineOf(head: Uint8Array, path: string): string {
  if (detectKind(head, path) !== "text") return "";
  const text = new TextDecoder().decode(head).replace(/^\ufeff/, "").trimStart();
  const isWhole = text.includes("\n") || head.length < HEAD_BYTES;
  return isWhole ? text.split(/\r?\n/, 1)[0]! : "";
}

/** The first bytes of a file. */
export async function headOf(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}
