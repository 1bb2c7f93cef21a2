import { Buffer } from "node:buffer";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, Incoming } from "./answer.ts";
import type { KlineStreams } from "./kline_streams.ts";

/** The answer to a request, including faults of the connection. */
export interface Delivery {
  readonly answer: Answer;
  readonly how: "whole" | "cut" | "reset" | "never";
  readonly delayMs: number;
}

export interface ServerOptions {
  readonly hostname: string;
  /** 0: any free port. */
  readonly port: number;
  readonly handle: (request: Incoming) => Promise<Delivery>;
  readonly streams: KlineStreams;
}

/** Long, so that no client reuses a connection that has just been closed. */
const KEEP_ALIVE_MS = 75_000;

/**
 * A listener that can be stopped and restarted on the same port. It uses `node:http`, because
 * `Deno.serve` cannot reset a connection or close it without a response.
 */
export class SimulatorServer {
  readonly hostname: string;
  readonly #handle: ServerOptions["handle"];
  readonly #streams: KlineStreams;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #port: number;
  #server: http.Server | undefined;

  constructor({ hostname, port, handle, streams }: ServerOptions) {
    this.hostname = hostname;
    this.#port = port;
    this.#handle = handle;
    this.#streams = streams;
  }

  /** Known after the first `up`. */
  get port(): number {
    return this.#port;
  }

  async up(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = http.createServer((request, response) => this.#serve(request, response));
    server.on("upgrade", (request, socket, head) => this.#streams.upgrade(request, socket, head));
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, this.hostname, () => resolve());
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Closes all connections; new ones are refused. */
  async down(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.#streams.cut();
    server.closeAllConnections();
    await closed;
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { answer, how, delayMs } = await this.#handle(toIncoming(request));
    if (delayMs > 0) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        send(answer, how, response);
      }, delayMs);
      this.#timers.add(timer);
    } else send(answer, how, response);
  }
}

function send(answer: Answer, how: Delivery["how"], response: http.ServerResponse): void {
  if (how === "never") return;
  if (how === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = toBuffer(answer.body);
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  if (how === "whole") response.end(body);
  else response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy());
}

function toBuffer(body: Answer["body"]): Buffer {
  if (typeof body === "string") return Buffer.from(body);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function toIncoming(request: http.IncomingMessage): Incoming {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  return {
    method: request.method ?? "GET",
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? "" : url.slice(mark + 1),
    ip: request.socket.remoteAddress ?? "unknown",
    header(name) {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(",") : value;
    },
    async text() {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}
