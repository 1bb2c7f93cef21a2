type Handler = (
  request: Request,
  info: Deno.ServeHandlerInfo,
) => Response | Promise<Response>;

/** A connection that is being served. */
export interface ServedConnection {
  /** Rejects when the connection broke off. */
  readonly finished: Promise<void>;
  /** Answers the request in progress and ends the connection. */
  shutdown(): Promise<void>;
  /** Ends the connection at once. */
  cut(): void;
}

export type ServeConnection = (
  connection: Deno.Conn,
  handler: Handler,
  onError: (error: unknown) => Response,
) => ServedConnection;

type InternalServe = (
  connection: Deno.Conn,
  signal: Pick<AbortSignal, "addEventListener">,
  handler: Handler,
  onError: (error: unknown) => Response,
  onListen: (scheme: string) => void,
) => Pick<ServedConnection, "finished" | "shutdown">;

/**
 * Finds what serves HTTP on one connection. `Deno.serve` gives no hold on its connections: it cannot
 * count them, end one, or go on when accepting fails. Deno's own `node:http` server is built on this
 * function; it is not part of the public API, so a later Deno may lack it: `undefined` then.
 */
export function findServeConnection(): ServeConnection | undefined {
  const internals = Reflect.get(Deno, Reflect.get(Deno, "internal") ?? "") ?? {};
  const found: unknown = Reflect.get(internals, "serveHttpOnConnection");
  if (typeof found !== "function") return undefined;
  const serve = found as InternalServe;
  return (connection, handler, onError) => {
    let abort = () => {};
    // A real signal would report what its listener throws, as an uncaught error.
    const signal = {
      addEventListener: (_type: string, listener: unknown) => void (abort = listener as () => void),
    };
    const served = serve(connection, signal, handler, onError, () => {});
    const cut = () => {
      try {
        abort();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error; // it ends at this moment
      }
    };
    return { finished: served.finished, shutdown: () => served.shutdown(), cut };
  };
}
