import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { AppError } from "../core/errors.ts";
import { FileProblem, fileProblem } from "../core/file_problem.ts";
import { cannotWrite, writeFile } from "../export/atomic_file.ts";
import { LAKE_PATH, MANIFEST_NAME } from "./lake_manifest.ts";

/** Exists while files are being written; left behind by a process that was killed. */
const HALF_FOLDER = "_tmp";
const LOCK_NAME = "_lock";

export interface PlacedFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** A lake's folder, locked by this process. Paths are relative, with `/`. */
export interface LakeFolder {
  /** True when a process was killed while it wrote. */
  readonly wasInterrupted: boolean;
  /** Writes a file that readers see complete or not at all. */
  place(path: string, bytes: ReadableStream<Uint8Array>): Promise<PlacedFile>;
  /** Removes a file, and the folders that are empty then. */
  remove(path: string): Promise<void>;
  sizeOf(path: string): Promise<number | undefined>;
  /** Writes a file of text, after what was placed before is on the disk. */
  placeText(name: string, text: string): Promise<void>;
  /** Ends the lock. `isComplete`: nothing is left to be cleaned. */
  close(isComplete: boolean): Promise<void>;
}

/**
 * Opens the folder, which is created if it is missing.
 *
 * @throws `busy` while another process writes it, `invalid_input` for a folder with other content
 */
export async function openLakeFolder(root: string, signal: AbortSignal): Promise<LakeFolder> {
  await makeFolder(root);
  await requireLake(root);
  const lock = await takeLock(root);
  const halves = join(root, HALF_FOLDER);
  try {
    const wasInterrupted = await exists(halves);
    if (wasInterrupted) await Deno.remove(halves, { recursive: true });
    await makeFolder(halves);
    return createFolder({ root, halves, lock, wasInterrupted, signal });
  } catch (error) {
    lock.close();
    throw error instanceof AppError ? error : cannotWrite(halves, error);
  }
}

/** Text of a file; `undefined` when there is none. */
export async function readText(root: string, name: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(join(root, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw cannotRead(join(root, name), error);
  }
}

/** Paths of all files that have names of a lake's files. */
export async function* listParquet(root: string, folder = ""): AsyncGenerator<string> {
  for (const { name, isDirectory } of await listFolder(join(root, folder))) {
    const path = `${folder}${name}`;
    if (isDirectory && name.includes("=")) yield* listParquet(root, `${path}/`);
    else if (LAKE_PATH.test(path)) yield path;
  }
}

/** SHA-256 and size of a stream's bytes, and the bytes. */
export function hashed(
  bytes: ReadableStream<Uint8Array>,
): { readonly bytes: ReadableStream<Uint8Array>; readonly result: () => PlacedFile } {
  const hash = createHash("sha256");
  let size = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, out) {
      hash.update(chunk);
      size += chunk.length;
      out.enqueue(chunk);
    },
  });
  return {
    bytes: bytes.pipeThrough(counter),
    result: () => ({ bytes: size, sha256: hash.digest("hex") }),
  };
}

interface FolderParts {
  readonly root: string;
  readonly halves: string;
  readonly lock: Deno.FsFile;
  readonly wasInterrupted: boolean;
  readonly signal: AbortSignal;
}

function createFolder({ root, halves, lock, wasInterrupted, signal }: FolderParts): LakeFolder {
  /** Folders with names that may not be on the disk yet. */
  const changed = new Set<string>();
  let count = 0;
  const write = async (path: string, bytes: ReadableStream<Uint8Array>) => {
    await writeFile(path, bytes, { signal, half: join(halves, `${count++}`) });
    changed.add(dirname(path));
  };
  return {
    wasInterrupted,
    async place(path, bytes) {
      const target = join(root, path);
      const { bytes: counted, result } = hashed(bytes);
      await makeFolder(dirname(target)).catch(async (error) => {
        await counted.cancel();
        throw error;
      });
      await write(target, counted);
      return result();
    },
    async remove(path) {
      const target = join(root, path);
      await Deno.remove(target).catch(unlessMissing(target));
      for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
        if (!await Deno.remove(join(root, folder)).then(() => true, () => false)) break;
      }
    },
    async sizeOf(path) {
      const found = await Deno.stat(join(root, path)).catch(() => undefined);
      return found?.isFile ? found.size : undefined;
    },
    async placeText(name, text) {
      for (const folder of changed) await syncFolder(folder);
      changed.clear();
      await write(join(root, name), new Blob([text]).stream());
    },
    async close(isComplete) {
      if (isComplete) await Deno.remove(halves, { recursive: true }).catch(() => {});
      lock.close();
    },
  };
}

async function makeFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true }).catch((error) => {
    throw cannotWrite(path, error);
  });
}

async function listFolder(path: string): Promise<Deno.DirEntry[]> {
  return await Array.fromAsync(Deno.readDir(path)).catch((error) => {
    throw cannotRead(path, error);
  });
}

function cannotRead(path: string, cause: unknown): AppError {
  return new AppError("store_unavailable", `Cannot read ${path}: ${fileProblem(cause)}`);
}

/** Hidden files, and what the root of a disk has. */
const UNRELATED = /^(\.|lost\+found$)/;

/** A mistyped path must not become a lake among other files. */
async function requireLake(root: string): Promise<void> {
  if (await exists(join(root, MANIFEST_NAME))) return;
  for (const { name } of await listFolder(root)) {
    if (name === LOCK_NAME || name === HALF_FOLDER || UNRELATED.test(name)) continue;
    throw new AppError(
      "invalid_input",
      `Cannot write a lake to ${root}: it has other content and no ${MANIFEST_NAME}; ` +
        "choose an empty folder",
    );
  }
}

/** The system releases the lock of a process that is killed. */
async function takeLock(root: string): Promise<Deno.FsFile> {
  const path = join(root, LOCK_NAME);
  const lock = await Deno.open(path, { create: true, write: true }).catch((error) => {
    throw cannotWrite(path, error);
  });
  const isOurs = await lock.tryLock(true).catch((error) => {
    lock.close();
    throw cannotWrite(path, error);
  });
  if (isOurs) return lock;
  lock.close();
  throw new AppError("busy", `Cannot update ${root}: another process is writing it`);
}

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

/** Writes the names in a folder to the disk. Windows does so without being asked. */
async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  const folder = await Deno.open(path).catch(() => undefined); // it may be removed by now
  await folder?.sync().catch(() => {});
  folder?.close();
}

function unlessMissing(path: string) {
  return (error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return;
    const reason = fileProblem(error);
    throw new AppError("store_unavailable", `Cannot remove ${path}: ${reason}`, {
      cause: new FileProblem(reason, error),
    });
  };
}
