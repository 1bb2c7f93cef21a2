import { describeError } from "../core/errors.ts";
import type { Logger } from "../ports/host.ts";
import { clientNetwork } from "../core/client_network.ts";
import { type ConnectionLimits, ConnectionTable, type ConnectionTimes } from "./connections.ts";
import { refusal } from "./refusal.ts";
import { malformed } from "./well_formed.ts";
import { findServeConnection, type ServedConnection } from "./serve_connection.ts";

export interface FrontOptions {
  readonly hostname: string;
  readonly port: number;
  readonly limits: ConnectionLimits;
  readonly times?: ConnectionTimes;
  readonly log: Logger;
  readonly handler: (
    request: Request,
    info: Deno.ServeHandlerInfo,
  ) => Response | Promise<Response>;
}

/** A server that tracks its connections. */
export interface Front {
  readonly address: Deno.NetAddr;
  /** Connections that are open. */
  size(): number;
  /** Stops listening, ends idle connections, and resolves when the last request is answered. */
  close(): Promise<void>;
}

/**
 * A page's bytes may take as long as `idleMs`: the runtime does not report when the client has read
 * the last one.
 */
const TIMES: ConnectionTimes = {
  graceMs: 1_000,
  firstRequestMs: 20_000,
  idleMs: 120_000,
  answerMs: 300_000,
};
const SWEEP_MS = 1_000;
/** Pending rejections; above this number connections are closed without a response. */
const MAX_REFUSALS = 16;
const REFUSAL_MS = 3_000;
/** Pause after a failed accept, for example without free file descriptors. */
const PAUSE_MS = 100;
const LOG_EVERY_MS = 60_000;

const REFUSALS = {
  total: [503, "Cannot serve the request: all connections are in use"],
  perClient: [429, "Cannot serve the request: too many connections from this address"],
} as const;

/**
 * Listens and serves with limits on connections and on a client's time: for the head of a request,
 * between two requests, for reading a response. `undefined` if this Deno version does not support
 * it.
 * @throws `Deno.errors.AddrInUse`
 */
export function openFront(options: FrontOptions): Front | undefined {
  const serveConnection = findServeConnection();
  if (serveConnection === undefined) return undefined;
  const { hostname, port, log, limits, times = TIMES } = options;
  const listener = Deno.listen({ hostname, port });
  const table = new ConnectionTable(limits, times, () => performance.now());
  const warn = rareWarning(log);
  const onError = failureAnswer(log);
  const refuse = createRefuser({ serveConnection, limits, warn, onError });
  const open = new Set<ServedConnection>();
  const { handler } = options;
  const serve = createServer({ serveConnection, table, open, handler, refuse, onError });
  const closing = new AbortController();
  const sweep = setInterval(() => table.endLate(), SWEEP_MS);
  void acceptAll(listener, serve, closing.signal, (error) => {
    warn(`Cannot accept a connection: ${describeError(error)}`);
    table.endIdle();
  });
  return {
    address: listener.addr,
    size: () => table.size,
    async close() {
      closing.abort();
      clearInterval(sweep);
      listener.close();
      await Promise.allSettled(Array.from(open, (served) => served.shutdown()));
    },
  };
}

type ServeConnection = NonNullable<ReturnType<typeof findServeConnection>>;
type Refuse = (socket: Deno.TcpConn, limit: keyof ConnectionLimits) => void;
type OnError = (error: unknown) => Response;

/** Responds to a request whose handler threw, or that the runtime cannot parse. */
function failureAnswer(log: Logger): OnError {
  return (error) => {
    // With OpenTelemetry Deno parses the URL before any handler does.
    if (error instanceof TypeError && error.message.startsWith("Invalid URL")) return malformed();
    log.error(`Cannot answer a request: ${describeError(error)}`);
    return refusal(500, "internal", "Internal error; see the server's log");
  };
}

/** Serves a connection within the limits of `table`, and keeps it in `open` until it ends. */
function createServer(
  { serveConnection, table, open, handler, refuse, onError }: {
    readonly serveConnection: ServeConnection;
    readonly table: ConnectionTable;
    readonly open: Set<ServedConnection>;
    readonly handler: FrontOptions["handler"];
    readonly refuse: Refuse;
    readonly onError: OnError;
  },
): (socket: Deno.TcpConn) => void {
  return (socket) => {
    let served: ServedConnection | undefined;
    const client = clientNetwork(socket.remoteAddr.hostname);
    const admitted = table.admit(client, () => served?.cut());
    if (typeof admitted === "string") return refuse(socket, admitted);
    const end = () => table.end(admitted);
    const handle = async (request: Request, info: Deno.ServeHandlerInfo) => {
      table.begin(admitted);
      info.completed.then(end, end);
      const response = await handler(request, info);
      if (isStream(response)) table.exempt(admitted);
      return response;
    };
    const leave = () => {
      table.remove(admitted);
      if (served) open.delete(served);
    };
    try {
      served = serveConnection(socket, handle, onError);
    } catch (error) {
      leave();
      throw error;
    }
    open.add(served);
    served.finished.then(leave, leave);
  };
}

/** Responds with the reason to a connection above a limit, and closes it. */
function createRefuser(
  { serveConnection, limits, warn, onError }: {
    readonly serveConnection: ServeConnection;
    readonly limits: ConnectionLimits;
    readonly warn: (message: string) => void;
    readonly onError: OnError;
  },
): Refuse {
  let refusals = 0;
  return (socket, limit) => {
    const [status, message] = REFUSALS[limit];
    warn(`Refused a connection: ${limits[limit]} ${limit === "total" ? "" : "of one client "}open`);
    if (refusals >= MAX_REFUSALS) return socket.close();
    refusals++;
    const served = serveConnection(socket, () => refusal(status, "busy", message), onError);
    const timer = setTimeout(served.cut, REFUSAL_MS);
    const leave = () => {
      clearTimeout(timer);
      refusals--;
    };
    served.finished.then(leave, leave);
  };
}

/** Accepts connections until `closing`; pauses after a failure. */
async function acceptAll(
  listener: Deno.TcpListener,
  serve: (socket: Deno.TcpConn) => void,
  closing: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<void> {
  while (!closing.aborted) {
    try {
      serve(await listener.accept());
    } catch (error) {
      if (closing.aborted) return;
      onFailure(error);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Responses whose length and rate have their own limits. */
function isStream({ headers }: Response): boolean {
  return (headers.get("content-type") ?? "").startsWith("text/event-stream") ||
    headers.has("content-disposition");
}

/** Logs a warning at most once per interval, so that a flood of clients does not flood the log. */
function rareWarning(log: Logger): (message: string) => void {
  let nextAt = -Infinity;
  let omitted = 0;
  return (message) => {
    if (performance.now() < nextAt) return void omitted++;
    nextAt = performance.now() + LOG_EVERY_MS;
    log.warn(message, omitted > 0 ? { omitted } : undefined);
    omitted = 0;
  };
}
