import { ALIVE_URL } from "../constants.ts";

type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

/** Tells open pages the served revision; a page that knows another one reloads. */
export class LiveReload {
  #revision = crypto.randomUUID();
  #sockets = new Set<WebSocket>();

  around(handler: Handler): Handler {
    return (req, info) =>
      new URL(req.url).pathname === ALIVE_URL
        ? Promise.resolve(this.#connect(req))
        : handler(req, info);
  }

  notify(): void {
    this.#revision = crypto.randomUUID();
    for (const socket of this.#sockets) socket.send(this.#revision);
  }

  #connect(req: Request): Response {
    if (req.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return new Response(null, { status: 501 });
    }
    const { socket, response } = Deno.upgradeWebSocket(req);
    socket.onopen = () => {
      this.#sockets.add(socket);
      socket.send(this.#revision);
    };
    socket.onclose = () => this.#sockets.delete(socket);
    return response;
  }
}
