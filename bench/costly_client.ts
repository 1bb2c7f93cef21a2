import type { CostlyRequest } from "./costly_requests.ts";
import { LONG } from "./costly_store.ts";

const LONG_START = Date.now() - LONG.rows * 60_000;
/** `Retry-After` of a rejected client. */
const REFUSED_MS = 20;

let counter = Math.floor(Math.random() * 500_000);

/** Sends a request and reads the response to its end, or until `signal` aborts. */
export async function send(
  origin: string,
  request: CostlyRequest,
  { signal, client = 1 }: { readonly signal: AbortSignal; readonly client?: number },
) {
  const path = request.path.replaceAll("EACH", String(LONG_START + 60_000 * ++counter));
  let bytes = 0;
  let status = "cut";
  try {
    const response = await fetch(`${origin}${path}`, {
      headers: { ...request.headers, "x-forwarded-for": `10.0.0.${client}` },
      signal,
    });
    status = String(response.status);
    for await (const chunk of response.body ?? []) bytes += chunk.length;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { status, bytes };
}

/** Has `clients` clients repeat `request` in a separate thread; ends when they have stopped. */
export async function repeatBeside<T>(
  load: Load,
  work: () => Promise<T>,
): Promise<T> {
  // In this thread, probes would wait for the clients' reading instead of the server.
  const worker = new Worker(import.meta.url, { type: "module" });
  worker.postMessage(load);
  try {
    return await work();
  } finally {
    const { promise, resolve } = Promise.withResolvers<void>();
    worker.onmessage = () => resolve();
    worker.postMessage("stop");
    await promise;
    worker.terminate();
  }
}

interface Load {
  readonly origin: string;
  readonly request: CostlyRequest;
  readonly clients: number;
}

async function repeat({ origin, request, clients }: Load, signal: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: clients }, async (_, i) => {
    while (!signal.aborted) {
      const { status } = await send(origin, request, { signal, client: i + 1 })
        .catch(() => ({ status: "" }));
      if (!status.startsWith("2")) await new Promise((next) => setTimeout(next, REFUSED_MS));
    }
  }));
}

/** The scope of a dedicated worker; its types cannot be loaded together with those of a window. */
interface WorkerScope {
  onmessage: (event: MessageEvent<Load | "stop">) => void;
  postMessage(message: "stopped"): void;
}

if (!("window" in globalThis) && "WorkerGlobalScope" in globalThis) {
  const scope = globalThis as unknown as WorkerScope;
  const over = new AbortController();
  let running = Promise.resolve();
  scope.onmessage = async ({ data }) => {
    if (data !== "stop") return running = repeat(data, over.signal);
    over.abort();
    await running;
    scope.postMessage("stopped");
  };
}
