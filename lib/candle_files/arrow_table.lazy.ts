import { type FileHandle, open } from "node:fs/promises";
import { Buffer } from "node:buffer";
import { zstdDecompressSync } from "node:zlib";
import {
  compressionRegistry,
  CompressionType,
  DataType,
  type RecordBatch,
  RecordBatchReader,
  type Vector,
} from "apache-arrow";
import { decompress } from "lz4js";
import { unscaledText } from "./cell_values.ts";
import { AppError } from "../core/errors.ts";
import { BATCH_ROWS, type TablePart, type TableRow } from "../ports/candle_table.ts";

compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (data) => decompress(data) });
compressionRegistry.set(CompressionType.ZSTD, {
  decode: (data) => new Uint8Array(zstdDecompressSync(Buffer.from(data))),
});

/**
 * Reads an Arrow IPC file, which pandas and freqtrade call Feather: one record batch at a time.
 *
 * @throws `bad_payload` for a damaged file
 */
export async function* readArrowTable(path: string): AsyncGenerator<TablePart> {
  const file = await open(path);
  try {
    await requireEnd(file);
    const reader = await RecordBatchReader.from(file);
    await reader.open();
    const names = reader.schema.fields.map(({ name }) => name);
    yield { rows: [{ line: 0, cells: names }], isCut: false };
    let line = 0;
    for await (const batch of reader) {
      for (let from = 0; from < batch.numRows; from += BATCH_ROWS) {
        const rows = rowsOf(batch, from, line);
        line += rows.length;
        yield { rows, isCut: false };
      }
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("bad_payload", `Cannot read ${path} as an Arrow file: ${reason}`);
  } finally {
    await file.close().catch(() => {}); // the reader may have closed it
  }
}

const MAGIC = "ARROW1";

/**
 * A file, unlike a stream, ends as it begins; the library reports a cut one as a wrong position.
 */
async function requireEnd(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const read = async (position: number) => {
    const { buffer } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, position);
    return buffer.toString("latin1");
  };
  const isCut = await read(0) === MAGIC && await read(size - MAGIC.length) !== MAGIC;
  if (isCut) throw new Error("it is cut off");
}

function rowsOf(batch: RecordBatch, from: number, line: number): TableRow[] {
  const to = Math.min(from + BATCH_ROWS, batch.numRows);
  const columns = batch.schema.fields.map((_, i) => textsOf(batch.getChildAt(i)!, from, to));
  return Array.from({ length: to - from }, (_, i) => ({
    line: line + i + 1,
    cells: columns.map((texts) => texts[i]!),
  }));
}

function textsOf(column: Vector, from: number, to: number): string[] {
  const { type } = column;
  const toText = DataType.isTimestamp(type)
    ? stampText
    : DataType.isDecimal(type)
    ? (value: unknown) => unscaledText(toBigInt(value as Uint32Array), type.scale)
    : plainText;
  return Array.from({ length: to - from }, (_, i) => {
    const value = column.get(from + i);
    return value === null || value === undefined ? "" : toText(value);
  });
}

/** The library returns every timestamp in ms, as a float. */
const stampText = (value: unknown) => String(Math.floor(Number(value)));

/** A decimal's 32-bit words, the lowest first, in two's complement. */
function toBigInt(words: Uint32Array): bigint {
  const value = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(words.length * 32, value);
}

function plainText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
