/** A port in front of a server, whose connections can be cut, held and slowed. */
export interface TcpRelay {
  readonly port: number;
  /** Refuses new connections and closes the open ones. */
  cut(): void;
  /** Holds every byte back and closes nothing, as a network that drops packets does. */
  hold(): void;
  /** Passes each chunk on after `ms`. */
  slow(ms: number): void;
  /** Ends `cut`, `hold` and `slow`. */
  mend(): void;
  /** Stops listening and closes every connection. */
  close(): void;
}

/** Opens a port that passes bytes on to `port` and back. */
export function openTcpRelay(port: number): TcpRelay {
  return new Relay(port);
}

class Relay implements TcpRelay {
  readonly #target: number;
  readonly #connections = new Set<Deno.Conn>();
  #listener: Deno.TcpListener | undefined;
  #delayMs = 0;
  /** Resolves when bytes may pass. */
  #released = Promise.withResolvers<void>();
  readonly port: number;

  constructor(target: number) {
    this.#target = target;
    this.#released.resolve();
    this.port = this.#listen(0);
  }

  cut(): void {
    this.#listener?.close();
    this.#listener = undefined;
    for (const connection of this.#connections) this.#end(connection);
    this.#released.resolve();
  }

  hold(): void {
    this.#released = Promise.withResolvers();
  }

  slow(ms: number): void {
    this.#delayMs = ms;
  }

  mend(): void {
    this.#delayMs = 0;
    this.#released.resolve();
    if (this.#listener === undefined) this.#listen(this.port);
  }

  close(): void {
    this.cut();
  }

  #listen(port: number): number {
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#listener = listener;
    void this.#accept(listener);
    return listener.addr.port;
  }

  async #accept(listener: Deno.TcpListener): Promise<void> {
    for await (const near of listener) void this.#join(near);
  }

  async #join(near: Deno.Conn): Promise<void> {
    this.#connections.add(near);
    await this.#released.promise;
    try {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      this.#connections.add(far);
      await Promise.all([this.#pass(near, far), this.#pass(far, near)]);
      this.#end(far);
    } catch {
      // the server is unreachable
    }
    this.#end(near);
  }

  async #pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let count; (count = await from.read(buffer)) !== null;) {
        if (this.#delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#delayMs));
        await this.#released.promise;
        for (let at = 0; at < count;) at += await to.write(buffer.subarray(at, count));
      }
      await to.closeWrite();
    } catch {
      this.#end(from);
      this.#end(to);
    }
  }

  #end(connection: Deno.Conn): void {
    this.#connections.delete(connection);
    try {
      connection.close();
    } catch {
      // It has already ended.
    }
  }
}
