export interface ServedConnection {
  /** Rejects when the connection broke off. */
  readonly finished: Promise<void>;
  /** Answers the request in progress and ends the connection. */
  shutdown(): Promise<void>;
}

type ServeConnection = (
  connection: Deno.Conn,
  /** Ends the connection at once. */
  signal: AbortSignal,
  handler: (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>,
  onError: (error: unknown) => Response,
  onListen: (scheme: string) => void,
) => ServedConnection;

/**
 * Finds what serves HTTP on one connection. `Deno.serve` gives no hold on its connections: it cannot
 * count them, end one, or go on when accepting fails. Deno's own `node:http` server is built on this
 * function; it is not part of the public API, so a later Deno may lack it: `undefined` then.
 */
export function findServeConnection(): ServeConnection | undefined {
  const internals = Reflect.get(Deno, Reflect.get(Deno, "internal") ?? "") ?? {};
  const found: unknown = Reflect.get(internals, "serveHttpOnConnection");
  return typeof found === "function" ? found as ServeConnection : undefined;
}
