type Handler = (
  request: Request,
  info: Deno.ServeHandlerInfo,
) => Response | Promise<Response>;

/** A connection that is being served. */
export interface ServedConnection {
  /** Rejects when the connection breaks. */
  readonly finished: Promise<void>;
  /** Finishes the request in progress and ends the connection. */
  shutdown(): Promise<void>;
  /** Ends the connection immediately. */
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
 * Looks up Deno's function that serves HTTP on one connection. `Deno.serve` does not expose its
 * connections: it cannot count or end them, or continue after a failed accept. Deno's own
 * `node:http` server is built on this function. It is not part of the public API, so `undefined` in
 * versions without it.
 */
export function findServeConnection(): ServeConnection | undefined {
  const internals = Reflect.get(Deno, Reflect.get(Deno, "internal") ?? "") ?? {};
  const found: unknown = Reflect.get(internals, "serveHttpOnConnection");
  if (typeof found !== "function") return undefined;
  const serve = found as InternalServe;
  return (connection, handler, onError) => {
    let abort = () => {};
    // A real signal would report an error of its listener as uncaught.
    const signal = {
      addEventListener: (_type: string, listener: unknown) => void (abort = listener as () => void),
    };
    const served = serve(connection, signal, handler, onError, () => {});
    const cut = () => {
      try {
        abort();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error; // it is ending at this moment
      }
    };
    return { finished: served.finished, shutdown: () => served.shutdown(), cut };
  };
}
