import type http from "node:http";
import type { Duplex } from "node:stream";
import type { Buffer } from "node:buffer";
import { type WebSocket, WebSocketServer } from "ws";
import { isInterval } from "../../lib/core/interval.ts";
import { type EpochMs, SECOND_MS } from "../../lib/core/time.ts";
import type { KlineRow } from "./market/kline_row.ts";
import { answerCommand, CommandPace } from "./stream_commands.ts";

/** The newest candles of a series, the last one open; `undefined` for an unknown symbol. */
export type ReadNewest = (symbol: string, interval: string) => readonly KlineRow[] | undefined;

/** An event of a kline stream. */
export interface KlineEvent {
  readonly e: "kline";
  readonly E: EpochMs;
  readonly s: string;
  readonly k: Readonly<Record<string, unknown>>;
}

/** Changes events for tests: returns what is sent instead, text as it is, the rest as JSON. */
export type AlterEvent = (event: KlineEvent, stream: string) => readonly unknown[];

/** The streams of a connection, each with the open candle that it was last sent. */
interface Connection {
  readonly socket: WebSocket;
  /** True if events are wrapped with the name of their stream. */
  readonly isCombined: boolean;
  readonly streams: Map<string, EpochMs | undefined>;
}

const STREAM = /^([^/@]+)@kline_(\w+)$/;
const PUSH_MS = 2 * SECOND_MS;
export const MAX_STREAMS = 1_024;

/** The exchange's kline streams: `/ws/btcusdt@kline_1m` and `/stream?streams=a/b`. */
export class KlineStreams {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #readNewest: ReadNewest;
  readonly #now: () => EpochMs;
  readonly #connections = new Set<Connection>();
  #opened = 0;
  /** Absent: events are sent unchanged. */
  alter: AlterEvent | undefined;
  /** While set, connections stay open and get nothing. */
  isSilent = false;
  /** While set, new connections are refused. */
  isClosed = false;

  constructor(readNewest: ReadNewest, now: () => EpochMs) {
    this.#readNewest = readNewest;
    this.#now = now;
  }

  /** Connections opened since the start. */
  get opened(): number {
    return this.#opened;
  }

  /** Number of streams of each open connection. */
  get sizes(): number[] {
    return [...this.#connections].map(({ streams }) => streams.size);
  }

  /** Accepts a connection; unknown paths are rejected. */
  upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    const wanted = this.isClosed ? undefined : readPath(request.url ?? "");
    if (wanted === undefined || wanted.streams.length > MAX_STREAMS) return void socket.destroy();
    this.#server.handleUpgrade(request, socket, head, (connection) => {
      this.#opened++;
      this.#serve(connection, wanted);
    });
  }

  /**
   * Closes all connections, as the exchange does after 24 hours. With `isAnnounced` it announces
   * the end only, and the client closes.
   */
  cut({ isAnnounced = false } = {}): void {
    for (const { socket, isCombined } of this.#connections) {
      if (!isAnnounced) {
        socket.terminate();
        continue;
      }
      const data = { e: "serverShutdown", E: this.#now() };
      socket.send(JSON.stringify(isCombined ? { stream: "!serverShutdown", data } : data));
    }
  }

  /** Sends the newest state of every stream now, as happens every two seconds. */
  push(): void {
    for (const connection of this.#connections) this.#push(connection);
  }

  /** Sends a text to all connections. */
  send(text: string): void {
    for (const { socket } of this.#connections) socket.send(text);
  }

  #serve(socket: WebSocket, { streams, isCombined }: Wanted): void {
    const connection: Connection = {
      socket,
      isCombined,
      streams: new Map(streams.map((name) => [name, undefined])),
    };
    this.#connections.add(connection);
    const pace = new CommandPace();
    socket.on("message", (data) => {
      if (pace.isExceeded()) return socket.terminate();
      socket.send(JSON.stringify(answerCommand(String(data), connection.streams, MAX_STREAMS)));
      this.#push(connection, (current) => current === undefined);
    });
    socket.on("ping", () => pace.isExceeded() && socket.terminate());
    this.#push(connection);
    const timer = setInterval(() => this.#push(connection), PUSH_MS);
    socket.on("close", () => {
      clearInterval(timer);
      this.#connections.delete(connection);
    });
  }

  /** Names without a series get no events, as on the exchange. */
  #push(
    connection: Connection,
    isWanted: (current: EpochMs | undefined) => boolean = () => true,
  ): void {
    if (this.isSilent) return;
    for (const [name, current] of connection.streams) {
      if (!isWanted(current)) continue;
      const [, lower = "", interval = ""] = STREAM.exec(name) ?? [];
      const symbol = lower.toUpperCase();
      const rows = isInterval(interval) ? this.#readNewest(symbol, interval) : undefined;
      const last = rows?.at(-1);
      if (rows === undefined || last === undefined) continue;
      const ended = rows.find((row) => row[0] === current && row !== last);
      if (ended) this.#send(connection, name, this.#toEvent(symbol, interval, ended, true));
      this.#send(connection, name, this.#toEvent(symbol, interval, last, false));
      connection.streams.set(name, last[0]);
    }
  }

  #send({ socket, isCombined }: Connection, stream: string, event: KlineEvent): void {
    for (const data of this.alter?.(event, stream) ?? [event]) {
      if (typeof data === "string") socket.send(data);
      else socket.send(JSON.stringify(isCombined ? { stream, data } : data));
    }
  }

  #toEvent(symbol: string, interval: string, row: KlineRow, isFinal: boolean): KlineEvent {
    const [t, o, h, l, c, v, T, q, n, V, Q] = row;
    const ids = { f: -1, L: -1 };
    const k = {
      t,
      T,
      s: symbol,
      i: interval,
      ...ids,
      o,
      c,
      h,
      l,
      v,
      n,
      x: isFinal,
      q,
      V,
      Q,
      B: "0",
    };
    return { e: "kline", E: this.#now(), s: symbol, k };
  }
}

interface Wanted {
  readonly streams: readonly string[];
  readonly isCombined: boolean;
}

function readPath(url: string): Wanted | undefined {
  const { pathname, searchParams } = new URL(url, "ws://simulator");
  if (pathname === "/stream") {
    const names = searchParams.get("streams")?.split("/").filter((name) => name !== "") ?? [];
    return { streams: [...new Set(names)], isCombined: true };
  }
  const name = /^\/ws\/([^/]+)$/.exec(pathname)?.[1];
  if (name === undefined) return undefined;
  const stream = decodeURIComponent(name);
  return isInterval(STREAM.exec(stream)?.[2] ?? "")
    ? { streams: [stream], isCombined: false }
    : undefined;
}
