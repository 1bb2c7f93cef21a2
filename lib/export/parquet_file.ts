import { zstdCompressSync } from "node:zlib";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { DecodedArray } from "hyparquet";
import { KLINE_COLUMNS } from "../core/kline.ts";
import type { OpenExport, SeriesHead } from "../ports/kline_exporter.ts";
import { fieldKinds, fittingSizes, parquetSchema } from "./parquet_schema.ts";
import { type FieldColumn, TupleBatch, TupleReader } from "./tuple_reader.ts";

/** Some 1.5 MB before compression: few enough that others get their turn while they are packed. */
const GROUP_ROWS = 16_384;

/** Smaller and faster than what the library brings, and known to every reader. */
const PACKING = {
  codec: "ZSTD",
  compressors: { ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)) },
} as const;

/**
 * Candles as a Parquet file, a row group at a time: times as UTC timestamps in ms, decimals as
 * DECIMAL with as many digits behind the point as any of them has. A row group holds one series.
 */
export function parquetBytes(
  open: OpenExport,
  indexes: readonly number[],
  isNamed: boolean,
): ReadableStream<Uint8Array> {
  // The DOM's type of `from` knows no generators.
  return ReadableStream.from(parquetChunks(open, indexes, isNamed));
}

async function* parquetChunks(open: OpenExport, indexes: readonly number[], isNamed: boolean) {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ ...PACKING, writer: bytes, schema: [], createdBy: "wick" });
  yield take(bytes); // who waits for a long series to be measured is told that something comes
  const sizes = fittingSizes(yield* measured(open, indexes, bytes));
  const kinds = fieldKinds(sizes);
  const schema = writer.schema = parquetSchema(sizes, isNamed);
  const batch = new TupleBatch(kinds, GROUP_ROWS);
  const writeGroup = (head: SeriesHead) => {
    const columnData = [
      ...isNamed ? nameColumns(head, batch.rows) : [],
      ...KLINE_COLUMNS.map((name, i) => ({
        name,
        data: columnOf(batch.columns[i]!, batch.rows, schema.at(i - KLINE_COLUMNS.length)!.type),
        encoding: "PLAIN" as const, // looking for what repeats takes longer than packing it
        statistics: name === "open_time", // lets readers skip groups outside of a range
      })),
    ];
    writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    batch.rows = 0;
    return take(bytes);
  };
  for (const index of indexes) {
    const head = open.heads[index]!;
    const reader = new TupleReader();
    for await (const chunk of open.tuples(index, sizes)) {
      reader.add(chunk);
      while (reader.fill(batch)) yield writeGroup(head);
    }
    // A file that ended here would look whole.
    if (!reader.isWhole) throw new Error("The database ended a COPY before its last row");
    if (batch.rows > 0) yield writeGroup(head);
  }
  writer.finish();
  yield take(bytes);
}

/** Between parts a byte of padding leaves, which readers skip: nobody takes the stream for a dead one. */
async function* measured(open: OpenExport, indexes: readonly number[], bytes: ByteWriter) {
  const measuring = open.measure(indexes);
  for (;;) {
    const step = await measuring.next();
    if (step.done) return step.value;
    bytes.appendUint8(0);
    yield take(bytes);
  }
}

/** What was written since the last call. */
function take(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

function nameColumns({ symbol, interval }: SeriesHead, rows: number) {
  return [{ name: "symbol", data: symbol }, { name: "interval", data: interval }].map((
    { name, data },
  ) => ({ name, data: new Array<string>(rows).fill(data) }));
}

function columnOf(column: FieldColumn, rows: number, type: string | undefined): DecodedArray {
  if (!Array.isArray(column)) return column.subarray(0, rows);
  const texts = column.slice(0, rows);
  return type === "FIXED_LEN_BYTE_ARRAY" ? texts.map(BigInt) : texts;
}
