import { basename } from "node:path";
import { Reader } from "@zip.js/zip.js";
import { AppError } from "../core/errors.ts";
import { fileProblem } from "../core/file_problem.ts";
import { checkSum } from "../binance/files/checksum.ts";
import { HEAD_BYTES } from "../binance/files/file_kind.ts";

/** @throws `not_found` for a path that is not a readable file */
export async function sizeOf(path: string): Promise<number> {
  const { isFile, isDirectory, size } = await reading(path, () => Deno.stat(path));
  if (isFile) return size;
  const reason = isDirectory ? "this folder cannot be read" : "it is not a file";
  throw new AppError("not_found", `Cannot read ${path}: ${reason}`);
}

/** The first bytes of a file. */
export async function readHead(path: string): Promise<Uint8Array> {
  const reader = new DiskReader(path);
  await reading(path, () => reader.init());
  return await reading(path, () => reader.readUint8Array(0, HEAD_BYTES));
}

/** True when the file has a checksum file; throws when it does not match. */
export async function verifyChecksum(path: string): Promise<boolean> {
  const line = await Deno.readTextFile(`${path}.CHECKSUM`).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new AppError("not_found", `Cannot read ${path}.CHECKSUM: ${fileProblem(error)}`);
  });
  if (line === undefined) return false;
  const file = await reading(path, () => Deno.open(path));
  await checkSum(file.readable, line, basename(path), path);
  return true;
}

/** The bytes of a file. */
export async function* readBytes(path: string): AsyncGenerator<Uint8Array> {
  const file = await reading(path, () => Deno.open(path));
  yield* file.readable;
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new AppError("not_found", `Cannot read ${path}: ${fileProblem(cause)}`);
  }
}

/** Reads parts of a zip on disk, so that no zip is held in memory. */
export class DiskReader extends Reader<string> {
  #path: string;

  constructor(path: string) {
    super(path);
    this.#path = path;
  }

  override async init(): Promise<void> {
    this.size = (await Deno.stat(this.#path)).size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - index)));
    using file = await Deno.open(this.#path);
    await file.seek(index, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < bytes.length) {
      const count = await file.read(bytes.subarray(filled));
      if (count === null) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }
}
