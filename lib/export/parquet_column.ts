import { zstdCompressSync } from "node:zlib";
import type { ColumnMetaData, SchemaElement } from "hyparquet";
import type { ByteWriter } from "hyparquet-writer";
import { writeColumn } from "hyparquet-writer/src/column.js";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import type { PlainColumn } from "./plain_column.ts";

/** Smaller and faster than the library's codecs, and supported by every reader. */
export const PACKING = {
  codec: "ZSTD",
  compressors: { ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)) },
} as const;

/** Larger than the names of a row group. */
const NAMES_PAGE_BYTES = 1024 * 1024;

/** Writes a column of a row group that holds the same text in each row, with a dictionary. */
export function writeNames(
  writer: ByteWriter,
  schemaPath: [root: SchemaElement, element: SchemaElement],
  values: string[],
): ColumnMetaData {
  const element = schemaPath[1];
  const { chunk } = writeColumn({
    writer,
    column: {
      ...PACKING,
      columnName: element.name,
      element,
      schemaPath,
      stats: true,
      pageSize: NAMES_PAGE_BYTES,
      columnIndex: false,
      offsetIndex: false,
    },
    pageData: { values, definitionLevels: [], repetitionLevels: [], maxDefinitionLevel: 0 },
  });
  return chunk.meta_data!;
}

/**
 * Writes a column of a row group as one page of values in the PLAIN encoding. The library makes an
 * object of each value, which takes longer than all other steps together.
 */
export function writePlain(
  writer: ByteWriter,
  { name, type, repetition_type: repetition }: SchemaElement,
  { values, rows }: { readonly values: PlainColumn; readonly rows: number },
): ColumnMetaData {
  const offset = writer.offset;
  const { nulls } = values;
  const isOptional = repetition === "OPTIONAL";
  if (!isOptional && nulls.length > 0) throw new TypeError(`Column ${name} has a null`);
  const levels = isOptional ? definitionLevels(nulls, rows) : new Uint8Array(0);
  const packed = PACKING.compressors.ZSTD(values.bytes);
  writePageHeader(writer, {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: levels.length + values.bytes.length,
    compressed_page_size: levels.length + packed.length,
    data_page_header_v2: {
      num_values: rows,
      num_nulls: nulls.length,
      num_rows: rows,
      encoding: "PLAIN",
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: true,
    },
  });
  const headerBytes = writer.offset - offset + levels.length;
  writer.appendBytes(levels);
  writer.appendBytes(packed);
  return {
    type: type!,
    encodings: ["PLAIN"],
    path_in_schema: [name],
    codec: PACKING.codec,
    num_values: BigInt(rows),
    total_uncompressed_size: BigInt(headerBytes + values.bytes.length),
    total_compressed_size: BigInt(headerBytes + packed.length),
    data_page_offset: BigInt(offset),
    ...name === "open_time" ? statisticsOf(values) : {},
  };
}

/**
 * One bit per row, 0 for null, as one bit-packed run of Parquet's hybrid encoding. Format:
 * parquet.apache.org/docs/file-format/data-pages/encodings, "RLE/Bit-Packing Hybrid".
 */
function definitionLevels(nulls: readonly number[], rows: number): Uint8Array {
  const groups = Math.ceil(rows / 8);
  const bits = new Uint8Array(groups).fill(0xff);
  for (const row of nulls) bits[row >> 3]! &= ~(1 << (row & 7));
  const header: number[] = [];
  let rest = groups * 2 + 1; // an odd header announces a bit-packed run
  for (; rest >= 0x80; rest >>>= 7) header.push(rest & 0x7f | 0x80);
  return Uint8Array.from([...header, rest, ...bits]);
}

/** They let readers skip row groups outside of a range. */
function statisticsOf(times: PlainColumn): Partial<ColumnMetaData> {
  const [min_value, max_value] = times.ends;
  return {
    statistics: { min_value, max_value, null_count: 0n },
    encoding_stats: [{ page_type: "DATA_PAGE_V2", encoding: "PLAIN", count: 1 }],
  };
}
