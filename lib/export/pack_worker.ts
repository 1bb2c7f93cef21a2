import { pack, type PackJob } from "./pack.ts";
import type { Part } from "./zip_stream.ts";

/** A job as it is sent to the worker: parts come in, and bytes go out, by streams. */
export interface PackMessage {
  readonly job: PackJob;
  readonly parts: ReadableStream<Part>;
  readonly bytes: WritableStream<Uint8Array>;
}

/** The scope of a dedicated worker, whose types a program cannot have beside those of a window. */
interface WorkerScope {
  onmessage: (event: MessageEvent<PackMessage>) => void;
  postMessage(message: "ready"): void;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data: { job, parts, bytes } }) => {
  pack(job, parts).pipeTo(bytes).catch(() => {}); // both ends of the streams have been told
};
scope.postMessage("ready");
