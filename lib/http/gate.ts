import { AppError, type ErrorCode } from "../core/errors.ts";

export interface GateOptions {
  /**
   * Names the class in messages: `Cannot … now: 4 exports of this client are running or waiting`.
   */
  readonly verb: string;
  readonly things: string;
  /** Places for all clients together. */
  readonly places: number;
  /** Places that one client may occupy at once. */
  readonly placesPerClient: number;
  /** Limit per client, including waiting requests. */
  readonly perClient: number;
  /** Time that a request waits for a place; 0: it is rejected immediately. */
  readonly waitMs: number;
  /** Retry time sent to a rejected client. */
  readonly retryAfterMs: number;
  /** Called for each rejection. */
  readonly onRefused: (reason: Refusal) => void;
}

/** The limit that was reached: `client` for the client's own, `full` for the total. */
export type Refusal = "client" | "full";

/** An occupied place. */
export interface Turn {
  /** Releases the place; repeated calls do nothing. */
  end(): void;
  /** True if a request is waiting that would be admitted in this place. */
  isWanted(): boolean;
}

/** Limits the concurrent requests of a class, in total and per client. */
export interface Gate {
  /**
   * Resolves when there is a place. The first waiting request whose client is below its limit is
   * next.
   * @throws `too_many` when the client exceeds its limit, `busy` when no place became free in time
   */
  enter(client: string, signal?: AbortSignal): Promise<Turn>;
  /** Occupied places. */
  size(): number;
}

/** Admits everything. */
export const openGate: Gate = {
  enter: () => Promise.resolve({ end() {}, isWanted: () => false }),
  size: () => 0,
};

/** Places and waiting requests of a client. */
interface Client {
  held: number;
  waiting: number;
}

interface Waiter {
  readonly name: string;
  readonly admit: (turn: Turn) => void;
}

export function createGate(options: GateOptions): Gate {
  return new WaitingGate(options);
}

class WaitingGate implements Gate {
  readonly #options: GateOptions;
  readonly #clients = new Map<string, Client>();
  readonly #waiters = new Set<Waiter>();
  #taken = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  size(): number {
    return this.#taken;
  }

  async enter(name: string, signal?: AbortSignal): Promise<Turn> {
    const { held, waiting } = this.#clientOf(name);
    if (held + waiting >= this.#options.perClient) {
      this.#forget(name);
      throw this.#refuse("client");
    }
    if (this.#isRoom(name)) return this.#take(name);
    if (this.#options.waitMs === 0) {
      this.#forget(name);
      throw this.#refuse("full");
    }
    return await this.#wait(name, signal);
  }

  #clientOf(name: string): Client {
    const known = this.#clients.get(name) ?? { held: 0, waiting: 0 };
    this.#clients.set(name, known);
    return known;
  }

  #forget(name: string): void {
    const { held, waiting } = this.#clientOf(name);
    if (held + waiting === 0) this.#clients.delete(name);
  }

  /** True if `name` may have a place, if one of `leaver` became free. */
  #isRoom(name: string, leaver?: string): boolean {
    const { places, placesPerClient } = this.#options;
    const held = this.#clientOf(name).held - Number(name === leaver);
    return this.#taken - Number(leaver !== undefined) < places && held < placesPerClient;
  }

  #take(name: string): Turn {
    this.#taken++;
    this.#clientOf(name).held++;
    let hasEnded = false;
    return {
      isWanted: () =>
        !hasEnded && this.#waiters.values().some((one) => this.#isRoom(one.name, name)),
      end: () => {
        if (!hasEnded) this.#giveBack(name);
        hasEnded = true;
      },
    };
  }

  #giveBack(name: string): void {
    this.#taken--;
    this.#clientOf(name).held--;
    this.#forget(name);
    const next = this.#waiters.values().find((one) => this.#isRoom(one.name));
    if (next === undefined) return;
    this.#waiters.delete(next);
    next.admit(this.#take(next.name));
  }

  #refuse(reason: Refusal): AppError {
    const { verb, things, places, perClient, retryAfterMs, onRefused } = this.#options;
    onRefused(reason);
    const code: ErrorCode = reason === "client" ? "too_many" : "busy";
    const cause = reason === "client"
      ? `this client has reached its limit of ${perClient} concurrent ${things}`
      : `the server has reached its limit of ${places} concurrent ${things}`;
    return new AppError(code, `Cannot ${verb} now: ${cause}; try again later`, { retryAfterMs });
  }

  async #wait(name: string, signal: AbortSignal | undefined): Promise<Turn> {
    const { verb, placesPerClient, waitMs } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Turn>();
    const waiter: Waiter = { name, admit: resolve };
    this.#waiters.add(waiter);
    this.#clientOf(name).waiting++;
    const leave = (reason: unknown) => this.#waiters.delete(waiter) && reject(reason);
    const timer = setTimeout(() => {
      // With a place of its client to wait for, it is the client that is in the way.
      leave(this.#refuse(this.#clientOf(name).held >= placesPerClient ? "client" : "full"));
    }, waitMs);
    const onAbort = () => leave(new AppError("busy", `Cannot ${verb}: the client disconnected`));
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      this.#clientOf(name).waiting--;
      this.#forget(name);
    }
  }
}
