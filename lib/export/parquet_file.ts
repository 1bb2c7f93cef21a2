import { setImmediate } from "node:timers";
import { zstdCompressSync } from "node:zlib";
import { ByteWriter, type ColumnSource, ParquetWriter } from "hyparquet-writer";
import type { DecodedArray } from "hyparquet";
import { KLINE_COLUMNS, type KlineColumn, type Series } from "../core/kline.ts";
import type { DecimalSize, OpenExport } from "../ports/kline_exporter.ts";
import { fieldKinds, fittingSizes, parquetSchema } from "./parquet_schema.ts";
import { type FieldColumn, TupleBatch, TupleReader } from "./tuple_reader.ts";

/** Some 1.5 MB before compression. */
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
      for (const column of groups!.add(part)) yield await inNextTurn(column);
    } else if ("padding" in part) {
      bytes.appendUint8(0);
      yield take(bytes);
    } else if ("sizes" in part) {
      writer.schema = parquetSchema(part.sizes, isNamed);
      groups = new GroupWriter(writer, bytes, { sizes: part.sizes, isNamed });
    } else {
      for (const column of groups!.begin(part.series)) yield await inNextTurn(column);
    }
  }
  for (const column of groups!.end()) yield await inNextTurn(column);
  writer.finish();
  yield take(bytes);
}

/** Resolves in the next turn of the event loop, so that other requests run between two columns. */
function inNextTurn<T>(value: T): Promise<T> {
  return new Promise((resolve) => setImmediate(resolve, value));
}

/** Writes the row groups of a file, and yields the bytes of each column of a group. */
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
    while (this.#reader.fill(this.#batch)) yield* this.#writeGroup();
  }

  *end(): Generator<Uint8Array> {
    if (this.#series === undefined) return;
    // A file that ended here would look whole.
    if (!this.#reader.isWhole) throw new Error("The database ended a COPY before its last row");
    if (this.#batch.rows > 0) yield* this.#writeGroup();
  }

  *#writeGroup(): Generator<Uint8Array> {
    const { rows } = this.#batch;
    const groups = this.#writer.row_groups;
    const first = groups.length;
    for (const column of this.#columns()) {
      // The library packs a group in one go: each column is one first, and then they become one.
      this.#writer.write({ columnData: [column], rowGroupSize: GROUP_ROWS });
      yield take(this.#bytes);
    }
    const columns = groups.splice(first);
    groups.push({
      columns: columns.flatMap((group) => group.columns),
      num_rows: BigInt(rows),
      total_byte_size: sum(columns.map((group) => group.total_byte_size)),
      total_compressed_size: sum(columns.map((group) => group.total_compressed_size ?? 0n)),
    });
    this.#writer.num_rows -= BigInt(rows * (columns.length - 1));
    this.#batch.rows = 0;
  }

  *#columns(): Generator<ColumnSource> {
    const { rows, columns } = this.#batch;
    const { schema } = this.#writer;
    if (this.#isNamed) yield* nameColumns(this.#series!, rows);
    for (const [i, name] of KLINE_COLUMNS.entries()) {
      yield {
        name,
        data: columnOf(columns[i]!, rows, schema.at(i - KLINE_COLUMNS.length)!.type),
        encoding: "PLAIN", // looking for what repeats takes longer than packing it
        statistics: name === "open_time", // lets readers skip groups outside of a range
      };
    }
  }
}

const sum = (sizes: readonly bigint[]) => sizes.reduce((total, size) => total + size, 0n);

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
