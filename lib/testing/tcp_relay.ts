/** A port in front of a server, whose line can be cut, held and slowed. */
export interface TcpRelay {
  readonly port: number;
  /** Refuses new connections and ends the open ones. */
  cut(): void;
  /** Holds every byte back and ends nothing, as a network that drops packets. */
  hold(): void;
  /** Passes every chunk on after `ms`. */
  slow(ms: number): void;
  /** Ends whichever of these is in force. */
  mend(): void;
  /** Stops listening and ends every connection. */
  close(): void;
}

/** Passes bytes on to `port` and back. */
export function openTcpRelay(port: number): TcpRelay {
  const lines = new Set<Deno.Conn>();
  let listener: Deno.TcpListener | undefined;
  let own = 0;
  let delayMs = 0;
  let held = Promise.withResolvers<void>();
  held.resolve();

  function listen(): void {
    const opened = Deno.listen({ hostname: "127.0.0.1", port: own });
    listener = opened;
    own = opened.addr.port;
    void serve(opened);
  }

  async function serve(listening: Deno.TcpListener): Promise<void> {
    for await (const near of listening) void join(near);
  }

  async function join(near: Deno.Conn): Promise<void> {
    lines.add(near);
    await held.promise;
    try {
      const far = await Deno.connect({ hostname: "127.0.0.1", port });
      lines.add(far);
      await Promise.all([pass(near, far), pass(far, near)]);
      end(far);
    } catch {
      // the server is away
    }
    end(near);
  }

  async function pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let count; (count = await from.read(buffer)) !== null;) {
        if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
        await held.promise;
        for (let at = 0; at < count;) at += await to.write(buffer.subarray(at, count));
      }
      await to.closeWrite();
    } catch {
      end(from);
      end(to);
    }
  }

  function end(line: Deno.Conn): void {
    lines.delete(line);
    try {
      line.close();
    } catch {
      // it has ended already
    }
  }

  function cut(): void {
    listener?.close();
    listener = undefined;
    for (const line of lines) end(line);
    held.resolve();
  }

  listen();
  return {
    port: own,
    cut,
    hold() {
      held = Promise.withResolvers();
    },
    slow(ms) {
      delayMs = ms;
    },
    mend() {
      delayMs = 0;
      held.resolve();
      if (listener === undefined) listen();
    },
    close: cut,
  };
}
