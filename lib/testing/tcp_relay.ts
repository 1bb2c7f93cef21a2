/** A port in front of a server, whose line can be cut and mended. */
export interface TcpRelay {
  readonly port: number;
  cut(): void;
  mend(): void;
}

/** Passes bytes on to `port` and back. */
export function openTcpRelay(port: number): TcpRelay {
  const lines = new Set<Deno.Conn>();
  let listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port: own } = listener.addr;

  async function serve(): Promise<void> {
    for await (const near of listener) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port });
      for (const line of [near, far]) lines.add(line);
      for (const [from, to] of [[near, far], [far, near]] as const) {
        from.readable.pipeTo(to.writable).catch(() => {}).finally(() => lines.delete(from));
      }
    }
  }

  void serve();
  return {
    port: own,
    cut() {
      listener.close();
      for (const line of lines) {
        try {
          line.close();
        } catch {
          // it has ended by itself
        }
      }
      lines.clear();
    },
    mend() {
      listener = Deno.listen({ hostname: "127.0.0.1", port: own });
      void serve();
    },
  };
}
