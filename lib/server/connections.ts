/** Limits of open connections. */
export interface ConnectionLimits {
  readonly total: number;
  /** Per client; 0: as many as in total. */
  readonly perClient: number;
}

/** Time limits of a connection in each of its states, in ms. */
export interface ConnectionTimes {
  /** An idle connection can be replaced after this time: its request may be in transit. */
  readonly graceMs: number;
  /** From opening to the end of the first request's head. */
  readonly firstRequestMs: number;
  /** From an answer to the end of the next request's head. */
  readonly idleMs: number;
  /** From a request's head to the end of its answer; streams are exempt. */
  readonly answerMs: number;
}

/** A client's open connections; `idle` are those without a request, the longest idle first. */
interface Client {
  open: number;
  readonly idle: Set<Connection>;
}

/** An open connection; only its state is known here. */
export class Connection {
  readonly address: string;
  readonly close: () => void;
  requests = 0;
  /** When it was opened or its last request was answered. */
  idleSince: number;
  deadline: number;

  constructor(
    address: string,
    close: () => void,
    { now, deadline }: { readonly now: number; readonly deadline: number },
  ) {
    this.address = address;
    this.close = close;
    this.idleSince = now;
    this.deadline = deadline;
  }
}

/** Counts connections, makes room for new ones, and ends those that exceed their time limit. */
export class ConnectionTable {
  readonly #limits: ConnectionLimits;
  readonly #times: ConnectionTimes;
  readonly #now: () => number;
  readonly #all = new Set<Connection>();
  readonly #idle = new Set<Connection>();
  readonly #clients = new Map<string, Client>();

  constructor(limits: ConnectionLimits, times: ConnectionTimes, now: () => number) {
    this.#limits = limits;
    this.#times = times;
    this.#now = now;
  }

  get size(): number {
    return this.#all.size;
  }

  /**
   * Admits a connection from `address`, if necessary in place of the longest idle one. Otherwise
   * returns the limit that was reached.
   */
  admit(address: string, close: () => void): Connection | keyof ConnectionLimits {
    const { total, perClient } = this.#limits;
    const client = this.#clients.get(address);
    if (perClient > 0 && client !== undefined && client.open >= perClient) {
      if (!this.#endOldest(client.idle)) return "perClient";
    }
    if (this.#all.size >= total && !this.#endOldest(this.#idle)) return "total";
    const now = this.#now();
    const deadline = now + this.#times.firstRequestMs;
    const connection = new Connection(address, close, { now, deadline });
    this.#all.add(connection);
    const own = this.#clientOf(address);
    own.open++;
    this.#idle.add(connection);
    own.idle.add(connection);
    return connection;
  }

  /** Records that a request's head has arrived. */
  begin(connection: Connection): void {
    connection.deadline = this.#now() + this.#times.answerMs;
    if (connection.requests++ > 0) return;
    this.#idle.delete(connection);
    this.#clients.get(connection.address)?.idle.delete(connection);
  }

  /** Records that the response is a stream, which has no time limit. */
  exempt(connection: Connection): void {
    connection.deadline = Infinity;
  }

  /** Records that a request has been answered. */
  end(connection: Connection): void {
    if (--connection.requests > 0 || !this.#all.has(connection)) return;
    connection.idleSince = this.#now();
    connection.deadline = connection.idleSince + this.#times.idleMs;
    this.#idle.add(connection);
    this.#clients.get(connection.address)?.idle.add(connection);
  }

  /** Records that the connection has ended. */
  remove(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    this.#idle.delete(connection);
    const client = this.#clients.get(connection.address)!;
    client.idle.delete(connection);
    if (--client.open === 0) this.#clients.delete(connection.address);
  }

  /** Ends the connections that have exceeded their deadline. */
  endLate(): void {
    const now = this.#now();
    for (const connection of this.#all) if (connection.deadline <= now) this.#end(connection);
  }

  /** Ends all connections without a request. */
  endIdle(): void {
    for (const connection of this.#idle) this.#end(connection);
  }

  #endOldest(idle: ReadonlySet<Connection>): boolean {
    const [oldest] = idle;
    if (oldest === undefined) return false;
    if (this.#now() < oldest.idleSince + this.#times.graceMs) return false;
    this.#end(oldest);
    return true;
  }

  #end(connection: Connection): void {
    this.remove(connection);
    connection.close();
  }

  #clientOf(address: string): Client {
    const known = this.#clients.get(address);
    if (known) return known;
    const client: Client = { open: 0, idle: new Set() };
    this.#clients.set(address, client);
    return client;
  }
}
