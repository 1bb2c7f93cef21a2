import { AppError, type ErrorCode } from "../core/errors.ts";

export interface GateOptions {
  /** Names the class, for messages: `Cannot … now: 4 exports of this client are running or waiting`. */
  readonly verb: string;
  readonly things: string;
  /** Places, for all clients together. */
  readonly places: number;
  /** Places that one client may hold at once. */
  readonly placesPerClient: number;
  /** Of one client, those that wait included. */
  readonly perClient: number;
  /** How long a request waits for a place; 0: it is refused at once. */
  readonly waitMs: number;
  /** What a refused client is told to wait. */
  readonly retryAfterMs: number;
  /** Told of each refusal. */
  readonly onRefused: (reason: Refusal) => void;
}

/** Whether the client has too many itself, or all places are taken. */
export type Refusal = "client" | "full";

/** A place at a gate. */
export interface Turn {
  /** Gives the place back; a repeat does nothing. */
  end(): void;
  /** Whether a request waits that would be admitted in this one's place. */
  isWanted(): boolean;
}

/** Admits so many requests of a class at once, and so many of each client. */
export interface Gate {
  /**
   * Resolves when there is a place. Of those that wait, the first whose client may have one more is
   * next.
   *
   * @throws `too_many` when the client has too many, `busy` when no place became free in time
   */
  enter(client: string, signal?: AbortSignal): Promise<Turn>;
  /** Places taken. */
  size(): number;
}

/** Admits everything. */
export const openGate: Gate = {
  enter: () => Promise.resolve({ end() {}, isWanted: () => false }),
  size: () => 0,
};

interface Client {
  /** Places that it holds. */
  held: number;
  waiting: number;
}

interface Waiter {
  readonly name: string;
  readonly admit: (turn: Turn) => void;
}

export function createGate(options: GateOptions): Gate {
  const { places, placesPerClient, perClient, waitMs } = options;
  const clients = new Map<string, Client>();
  const waiters = new Set<Waiter>();
  let taken = 0;

  function clientOf(name: string): Client {
    const known = clients.get(name) ?? { held: 0, waiting: 0 };
    clients.set(name, known);
    return known;
  }

  /** Whether `name` may have a place, if one of `leaver` became free. */
  function isRoom(name: string, leaver?: string): boolean {
    const held = clientOf(name).held - Number(name === leaver);
    return taken - Number(leaver !== undefined) < places && held < placesPerClient;
  }

  function forget(name: string): void {
    const { held, waiting } = clientOf(name);
    if (held + waiting === 0) clients.delete(name);
  }

  function take(name: string): Turn {
    taken++;
    clientOf(name).held++;
    let hasEnded = false;
    return {
      isWanted: () => !hasEnded && waiters.values().some((one) => isRoom(one.name, name)),
      end() {
        if (hasEnded) return;
        hasEnded = true;
        taken--;
        clientOf(name).held--;
        forget(name);
        const next = waiters.values().find((one) => isRoom(one.name));
        if (next === undefined) return;
        waiters.delete(next);
        next.admit(take(next.name));
      },
    };
  }

  function refuse(reason: Refusal): AppError {
    options.onRefused(reason);
    const { verb, things, retryAfterMs } = options;
    const code: ErrorCode = reason === "client" ? "too_many" : "busy";
    const cause = reason === "client"
      ? `this client has ${perClient} ${things} at once, which is its limit`
      : `all ${places} places for ${things} are taken`;
    return new AppError(code, `Cannot ${verb} now: ${cause}; try again later`, { retryAfterMs });
  }

  async function wait(name: string, signal: AbortSignal | undefined): Promise<Turn> {
    const { promise, resolve, reject } = Promise.withResolvers<Turn>();
    const waiter: Waiter = { name, admit: resolve };
    waiters.add(waiter);
    clientOf(name).waiting++;
    const leave = (reason: unknown) => waiters.delete(waiter) && reject(reason);
    const timer = setTimeout(() => {
      // With a place of its own to wait for, it is the client itself that is in the way.
      leave(refuse(clientOf(name).held >= placesPerClient ? "client" : "full"));
    }, waitMs);
    const onAbort = () =>
      leave(new AppError("busy", `Cannot ${options.verb}: the client has left`));
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      clientOf(name).waiting--;
      forget(name);
    }
  }

  return {
    size: () => taken,
    async enter(name, signal) {
      const { held, waiting } = clientOf(name);
      if (held + waiting >= perClient) {
        forget(name);
        throw refuse("client");
      }
      if (isRoom(name)) return take(name);
      if (waitMs === 0) {
        forget(name);
        throw refuse("full");
      }
      return await wait(name, signal);
    },
  };
}
