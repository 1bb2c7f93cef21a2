import type http from "node:http";
import type { Duplex } from "node:stream";
import type { Buffer } from "node:buffer";
import { type WebSocket, WebSocketServer } from "ws";
import { isInterval } from "../../lib/core/interval.ts";
import { SECOND_MS } from "../../lib/core/time.ts";
import type { KlineRow } from "./market/kline_row.ts";

/** The newest candles of a series, the last one open; `undefined` for an unknown symbol. */
export type ReadNewest = (symbol: string, interval: string) => readonly KlineRow[] | undefined;

const PATH = /^\/ws\/([^/@]+)@kline_(\w+)$/;
const PUSH_MS = 2 * SECOND_MS;

/** The exchange's kline streams: `/ws/btcusdt@kline_1m`, one per connection. */
export class KlineStreams {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #readNewest: ReadNewest;
  #opened = 0;

  constructor(readNewest: ReadNewest) {
    this.#readNewest = readNewest;
  }

  /** Connections opened since the start. */
  get opened(): number {
    return this.#opened;
  }

  /** Accepts a connection; unknown paths are rejected. */
  upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    const [, symbol, interval = ""] = PATH.exec(decodeURIComponent(request.url ?? "")) ?? [];
    if (symbol === undefined || !isInterval(interval)) return void socket.destroy();
    this.#server.handleUpgrade(request, socket, head, (connection) => {
      this.#opened++;
      this.#push(connection, symbol.toUpperCase(), interval);
    });
  }

  /** Closes all connections, as the exchange does after 24 hours; with `isAnnounced` it says so first. */
  cut({ isAnnounced = false } = {}): void {
    for (const socket of this.#server.clients) {
      if (!isAnnounced) socket.terminate();
      else socket.send(JSON.stringify({ e: "serverShutdown", E: Date.now() }));
    }
  }

  #push(socket: WebSocket, symbol: string, interval: string): void {
    let current: number | undefined;
    const send = () => {
      const rows = this.#readNewest(symbol, interval);
      if (rows === undefined) return socket.close();
      const last = rows.at(-1);
      const ended = rows.find((row) => row[0] === current && row !== last);
      if (ended) socket.send(toEvent(symbol, interval, ended, true));
      if (last) socket.send(toEvent(symbol, interval, last, false));
      current = last?.[0];
    };
    send();
    const timer = setInterval(send, PUSH_MS);
    socket.on("close", () => clearInterval(timer));
  }
}

function toEvent(symbol: string, interval: string, row: KlineRow, isFinal: boolean): string {
  const [t, o, h, l, c, v, T, q, n, V, Q] = row;
  const ids = { f: -1, L: -1 };
  const k = { t, T, s: symbol, i: interval, ...ids, o, c, h, l, v, n, x: isFinal, q, V, Q, B: "0" };
  return JSON.stringify({ e: "kline", E: Date.now(), s: symbol, k });
}
