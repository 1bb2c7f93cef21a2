import { zstdCompressSync } from "node:zlib";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { DecodedArray } from "hyparquet";
import { KLINE_COLUMNS, type KlineColumn, type Series } from "../core/kline.ts";
import type { DecimalSize, OpenExport } from "../ports/kline_exporter.ts";
import { fieldKinds, fittingSizes, parquetSchema } from "./parquet_schema.ts";
import { type FieldColumn, TupleBatch, TupleReader } from "./tuple_reader.ts";

/** Some 1.5 MB before compression: few enough that others get their turn while they are packed. */
const GROUP_ROWS = 16_384;

/** Smaller and faster than what the library brings, and known to every reader. */
const PACKING = {
  codec: "ZSTD",
  compressors: { ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)) },
} as const;

/** What a Parquet file begins with. */
export const PARQUET_MAGIC = new TextEncoder().encode("PAR1");

type Sizes = ReadonlyMap<KlineColumn, DecimalSize>;

/**
 * What a Parquet file is made of, in this order: padding while the candles are measured, the digits
 * that they need, then for each series its name and the bytes of its binary COPY.
 */
export type ParquetPart =
  | Uint8Array
  | { readonly padding: true }
  | { readonly sizes: Sizes }
  | { readonly series: Series };

/** Reads the parts of a file of the series at `indexes`. */
export async function* parquetParts(
  open: OpenExport,
  indexes: readonly number[],
): AsyncGenerator<ParquetPart> {
  const measuring = open.measure(indexes);
  let step = await measuring.next();
  // A byte of padding between two stretches, which readers skip, keeps the stream alive.
  for (; !step.done; step = await measuring.next()) yield { padding: true };
  const sizes = fittingSizes(step.value);
  yield { sizes };
  for (const index of indexes) {
    const { symbol, interval } = open.heads[index]!;
    yield { series: { symbol, interval } };
    yield* open.tuples(index, sizes);
  }
}

/**
 * Makes a Parquet file but for `PARQUET_MAGIC`, a row group at a time: times as UTC timestamps in ms,
 * decimals as DECIMAL with as many digits behind the point as any of them has. A row group holds one
 * series.
 */
export async function* packParquet(
  parts: AsyncIterable<ParquetPart>,
  isNamed: boolean,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ ...PACKING, writer: bytes, schema: [], createdBy: "wick" });
  take(bytes); // the magic
  let groups: GroupWriter | undefined;
  for await (const part of parts) {
    if (part instanceof Uint8Array) {
      for (const group of groups!.add(part)) yield group;
    } else if ("padding" in part) {
      bytes.appendUint8(0);
      yield take(bytes);
    } else if ("sizes" in part) {
      writer.schema = parquetSchema(part.sizes, isNamed);
      groups = new GroupWriter(writer, bytes, { sizes: part.sizes, isNamed });
    } else yield* groups!.begin(part.series);
  }
  yield* groups!.end();
  writer.finish();
  yield take(bytes);
}

/** Writes the row groups of a file. */
class GroupWriter {
  readonly #writer: ParquetWriter;
  readonly #bytes: ByteWriter;
  readonly #isNamed: boolean;
  readonly #batch: TupleBatch;
  #series: Series | undefined;
  #reader = new TupleReader();

  constructor(
    writer: ParquetWriter,
    bytes: ByteWriter,
    { sizes, isNamed }: { readonly sizes: Sizes; readonly isNamed: boolean },
  ) {
    this.#writer = writer;
    this.#bytes = bytes;
    this.#isNamed = isNamed;
    this.#batch = new TupleBatch(fieldKinds(sizes), GROUP_ROWS);
  }

  *begin(series: Series): Generator<Uint8Array> {
    yield* this.end();
    this.#series = series;
    this.#reader = new TupleReader();
  }

  *add(chunk: Uint8Array): Generator<Uint8Array> {
    this.#reader.add(chunk);
    while (this.#reader.fill(this.#batch)) yield this.#writeGroup();
  }

  *end(): Generator<Uint8Array> {
    if (this.#series === undefined) return;
    // A file that ended here would look whole.
    if (!this.#reader.isWhole) throw new Error("The database ended a COPY before its last row");
    if (this.#batch.rows > 0) yield this.#writeGroup();
  }

  #writeGroup(): Uint8Array {
    const batch = this.#batch;
    const { schema } = this.#writer;
    const columnData = [
      ...this.#isNamed ? nameColumns(this.#series!, batch.rows) : [],
      ...KLINE_COLUMNS.map((name, i) => ({
        name,
        data: columnOf(batch.columns[i]!, batch.rows, schema.at(i - KLINE_COLUMNS.length)!.type),
        encoding: "PLAIN" as const, // looking for what repeats takes longer than packing it
        statistics: name === "open_time", // lets readers skip groups outside of a range
      })),
    ];
    this.#writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    batch.rows = 0;
    return take(this.#bytes);
  }
}

/** What was written since the last call. */
function take(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

function nameColumns({ symbol, interval }: Series, rows: number) {
  return [{ name: "symbol", data: symbol }, { name: "interval", data: interval }].map((
    { name, data },
  ) => ({ name, data: new Array<string>(rows).fill(data) }));
}

function columnOf(column: FieldColumn, rows: number, type: string | undefined): DecodedArray {
  if (!Array.isArray(column)) return column.subarray(0, rows);
  const texts = column.slice(0, rows);
  return type === "FIXED_LEN_BYTE_ARRAY" ? texts.map(BigInt) : texts;
}
