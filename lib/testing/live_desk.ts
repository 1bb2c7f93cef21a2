/** A server of `/api/live` whose events are controlled by tests. */
export interface LiveDesk {
  /** Open connections. */
  readonly count: number;
  /** Every requested URL with its `Last-Event-ID`. */
  readonly asked: { readonly href: string; readonly lastEventId: string | null }[];
  /** Response for new connections. */
  isDown: boolean;
  send(event: "tick" | "close", row: readonly (string | number)[]): void;
  heartbeat(): void;
  /** Ends every connection. */
  drop(): void;
  handler(request: Request): Response;
}

export function createLiveDesk(): LiveDesk {
  const open = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encoder = new TextEncoder();
  const write = (text: string) => {
    for (const controller of open) controller.enqueue(encoder.encode(text));
  };
  return {
    isDown: false,
    asked: [],
    get count() {
      return open.size;
    },
    send(event, row) {
      const id = event === "close" ? `id: ${row[0]}\n` : "";
      write(`event: ${event}\n${id}data: ${JSON.stringify(row)}\n\n`);
    },
    heartbeat: () => write(":\n\n"),
    drop() {
      for (const controller of open) controller.close();
      open.clear();
    },
    handler(request) {
      const { pathname, search } = new URL(request.url);
      const lastEventId = request.headers.get("last-event-id");
      this.asked.push({ href: pathname + search, lastEventId });
      if (this.isDown) return new Response("down", { status: 503 });
      let mine: ReadableStreamDefaultController<Uint8Array>;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          open.add(mine = controller);
          controller.enqueue(encoder.encode(":\n\n"));
        },
        cancel: () => void open.delete(mine),
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  };
}
