import { Buffer } from "node:buffer";
import { open } from "node:fs/promises";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { derivedCandles } from "./candle_columns.ts";
import { unscaledText } from "./cell_values.ts";
import { AppError } from "../core/errors.ts";
import { BATCH_ROWS, type TablePart } from "../ports/candle_table.ts";

/** Exact texts of times, where the library makes dates. */
const PARSERS = {
  timestampFromMilliseconds: String,
  timestampFromMicroseconds: String,
  timestampFromNanoseconds: String,
};

/**
 * Reads a Parquet file, a part of a row group at a time. Decimals are read digit for digit.
 *
 * @throws `bad_payload` for a damaged file
 */
export async function* readParquetTable(path: string): AsyncGenerator<TablePart> {
  const handle = await open(path);
  try {
    const file = await toAsyncBuffer(handle);
    const metadata = await parquetMetadataAsync(file);
    const derived = metadata.key_value_metadata?.find(({ key }) => key === "wick.derived");
    if (derived !== undefined) throw derivedCandles(path, derived.value ?? "shorter ones");
    const decimals = takeDecimals(metadata);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    yield { rows: [{ line: 0, cells: names }], isCut: false };
    const rows = Number(metadata.num_rows);
    for (let from = 0; from < rows; from += BATCH_ROWS) {
      const to = Math.min(rows, from + BATCH_ROWS);
      const values = await readRows(file, metadata, from, to);
      const cells = values.map((row) => row.map((value, i) => toText(value, decimals.get(i))));
      yield { rows: cells.map((one, i) => ({ line: from + i + 1, cells: one })), isCut: false };
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("bad_payload", `Cannot read ${path} as a Parquet file: ${reason}`);
  } finally {
    await handle.close();
  }
}

async function toAsyncBuffer(handle: Awaited<ReturnType<typeof open>>): Promise<AsyncBuffer> {
  const { size: byteLength } = await handle.stat();
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const bytes = new Uint8Array(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length) throw new Error("it is cut off");
      return bytes.buffer;
    },
  };
}

/**
 * Makes the decimal columns plain numbers and bytes, because the library would make floats of them.
 * Returns their scales, by column.
 */
function takeDecimals(metadata: FileMetaData): Map<number, number> {
  const scales = new Map<number, number>();
  // A nested column is one cell, which holds no value of a candle.
  parquetSchema(metadata).children.forEach(({ element }, i) => {
    if (element.converted_type !== "DECIMAL") return;
    scales.set(i, element.scale ?? 0);
    delete element.converted_type;
    delete element.logical_type;
  });
  return scales;
}

async function readRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<unknown[][]> {
  const range = { rowStart, rowEnd };
  let rows: unknown[][] = [];
  await parquetRead({
    file,
    metadata,
    compressors,
    parsers: PARSERS,
    utf8: false,
    rowStart: range.rowStart,
    rowEnd: range.rowEnd,
    onComplete: (found) => rows = found,
  });
  return rows;
}

const TEXT = new TextDecoder();

function toText(value: unknown, scale: number | undefined): string {
  if (value === null || value === undefined) return "";
  if (scale !== undefined) return unscaledText(toInteger(value), scale);
  if (value instanceof Uint8Array) return TEXT.decode(value);
  return value instanceof Date ? value.toISOString() : String(value);
}

/** An unscaled decimal: a number, or big-endian bytes in two's complement. */
function toInteger(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  return BigInt.asIntN(value.length * 8, BigInt(`0x${Buffer.from(value).toString("hex") || "0"}`));
}
