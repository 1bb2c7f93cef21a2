import { archiveBytes, type ArchiveOptions, type Part } from "./zip_stream.ts";

/** A job as it is sent to the worker: parts come in, and bytes go out, by streams. */
export interface ZipMessage {
  readonly options: ArchiveOptions;
  readonly parts: ReadableStream<Part>;
  readonly bytes: WritableStream<Uint8Array>;
}

/** The scope of a dedicated worker, whose types a program cannot have beside those of a window. */
interface WorkerScope {
  onmessage: (event: MessageEvent<ZipMessage>) => void;
  postMessage(message: "ready"): void;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data: { options, parts, bytes } }) => {
  archiveBytes(parts, options).pipeTo(bytes).catch(() => {}); // both ends of the streams have been told
};
scope.postMessage("ready");
