import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { ColumnMetaData } from "hyparquet";
import type { Interval } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import type { TimeRange } from "../core/time.ts";
import { inTurns } from "../event_loop.ts";
import type { OpenExport, SeriesHead } from "../ports/kline_exporter.ts";
import { type ColumnSizes, fieldKinds, fittingSizes, parquetSchema } from "./parquet_schema.ts";
import { PACKING, writeNames, writePlain } from "./parquet_column.ts";
import { TupleBatch, TupleReader } from "./tuple_reader.ts";

/** About 1.5 MB before compression. */
const GROUP_ROWS = 16_384;

/** First bytes of a Parquet file. */
export const PARQUET_MAGIC = new TextEncoder().encode("PAR1");

/**
 * The input of a Parquet file, in this order: padding while the candles are measured, their digits,
 * then for each series its name and the bytes of its binary COPY.
 */
export type ParquetPart =
  | Uint8Array
  | { readonly padding: true }
  | { readonly sizes: ColumnSizes }
  | { readonly series: Series; readonly derivedFrom?: Interval | undefined };

/** Reads the parts of a file with the series at `indexes`. */
export async function* parquetParts(
  open: OpenExport,
  indexes: readonly number[],
): AsyncGenerator<ParquetPart> {
  const measuring = open.measure(indexes);
  let step = await measuring.next();
  // A padding byte between two measurements, which readers ignore, keeps the stream alive.
  for (; !step.done; step = await measuring.next()) yield { padding: true };
  const sizes = fittingSizes(step.value);
  const isImported = indexes.some((index) => open.heads[index]!.imported !== undefined);
  yield { sizes: { sent: sizes, typed: sizes, isImported } };
  for (const index of indexes) {
    const head = open.heads[index]!;
    const { symbol, interval, derived } = head;
    for (const part of partsOf(head)) {
      yield { series: { symbol, interval }, derivedFrom: derived?.from };
      yield* open.tuples(index, sizes, part);
    }
  }
}

/** The ranges in which a series is read: derived candles need several. */
export const partsOf = ({ derived }: SeriesHead): readonly (TimeRange | undefined)[] =>
  derived?.parts ?? [undefined];

/**
 * Writes a Parquet file without its leading `PARQUET_MAGIC`, one row group at a time: times as UTC
 * timestamps in ms, decimals as DECIMAL with the maximum number of decimal places. A row group
 * holds one series.
 */
export async function* packParquet(
  parts: AsyncIterable<ParquetPart>,
  isNamed: boolean,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ ...PACKING, writer: bytes, schema: [], createdBy: "wick" });
  take(bytes); // the magic bytes
  let groups: GroupWriter | undefined;
  const derived = new Set<string>();
  for await (const part of parts) {
    if (part instanceof Uint8Array) {
      yield* inTurns(groups!.add(part));
    } else if ("padding" in part) {
      bytes.appendUint8(0);
      yield take(bytes);
    } else if ("sizes" in part) {
      writer.schema = parquetSchema(part.sizes, isNamed);
      groups = new GroupWriter(writer, bytes, { sizes: part.sizes, isNamed });
    } else {
      yield* inTurns(groups!.begin(part.series));
      if (part.derivedFrom !== undefined) {
        derived.add(`${seriesName(part.series)} = ${part.derivedFrom}`);
      }
    }
  }
  yield* inTurns(groups!.end());
  if (derived.size > 0) {
    writer.kvMetadata = [{ key: "wick.derived", value: [...derived].join(", ") }];
  }
  writer.finish();
  yield take(bytes);
}

/** Writes the row groups of a file, and yields the bytes of each column. */
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
    { sizes, isNamed }: { readonly sizes: ColumnSizes; readonly isNamed: boolean },
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
    // A file that ended here would look complete.
    if (!this.#reader.isWhole) throw new Error("The database ended a COPY before its last row");
    if (this.#batch.rows > 0) yield* this.#writeGroup();
  }

  *#writeGroup(): Generator<Uint8Array> {
    const rows = BigInt(this.#batch.rows);
    const columns: ColumnMetaData[] = [];
    for (const column of this.#columns()) {
      columns.push(column);
      yield take(this.#bytes);
    }
    this.#writer.row_groups.push({
      columns: columns.map((meta_data) => ({
        meta_data,
        file_offset: meta_data.dictionary_page_offset ?? meta_data.data_page_offset,
      })),
      num_rows: rows,
      total_byte_size: sum(columns.map((column) => column.total_uncompressed_size)),
      total_compressed_size: sum(columns.map((column) => column.total_compressed_size)),
    });
    this.#writer.num_rows += rows;
    this.#batch.clear();
  }

  *#columns(): Generator<ColumnMetaData> {
    const { rows, columns } = this.#batch;
    const root = this.#writer.schema[0]!;
    const elements = this.#writer.schema.slice(1);
    if (this.#isNamed) {
      const { symbol, interval } = this.#series!;
      for (const name of [symbol, interval]) {
        yield writeNames(
          this.#bytes,
          [root, elements.shift()!],
          new Array<string>(rows).fill(name),
        );
      }
    }
    for (const [i, element] of elements.entries()) {
      yield writePlain(this.#bytes, element, { values: columns[i]!, rows });
    }
  }
}

const sum = (sizes: readonly bigint[]) => sizes.reduce((total, size) => total + size, 0n);

/** Bytes written since the last call. */
function take(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
