import { type Coding, encode } from "../http/encoding.ts";
import { archiveBytes, type Part } from "./zip_stream.ts";
import { packParquet, type ParquetPart } from "./parquet_file.ts";

/** Format of the packed file. */
export type PackJob =
  | { readonly kind: Coding }
  | { readonly kind: "parquet"; readonly isNamed: boolean }
  | { readonly kind: "zip"; readonly isParquet: boolean; readonly isLarge: boolean };

/** Packs `parts`. Fails when they fail; cancelling it cancels them. */
export function pack(job: PackJob, parts: ReadableStream<Part>): ReadableStream<Uint8Array> {
  if (job.kind === "zip") return archiveBytes(parts, job);
  if (job.kind === "parquet") {
    return ReadableStream.from(packParquet(parts as ReadableStream<ParquetPart>, job.isNamed));
  }
  return encode(parts as ReadableStream<Uint8Array>, job.kind);
}
