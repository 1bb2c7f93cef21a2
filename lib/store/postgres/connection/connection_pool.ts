// @ts-types="@types/pg"
import pg from "pg";
import { settlesWithin } from "../../../core/deadline.ts";
import { AppError, describeError } from "../../../core/errors.ts";
import type { ConnectionBudget, SizedPool } from "./connection_budget.ts";
import { isRefusedForNumber } from "./database_errors.ts";
import { clientClass, clientConfig } from "./pg_client.ts";
import { openSession, type Session } from "./pg_session.ts";
import type { Candidate, PgTarget } from "./pg_target.ts";

/** A connected and configured connection of the pool. */
export interface Connection {
  readonly client: pg.PoolClient;
  readonly session: Session;
  /** Closes a broken connection instead of reusing it. */
  release(isBroken: boolean): void;
}

/** Waiting time for statements in progress when the pool is closed. */
const CLOSE_MS = 400;
const REFUSED_PAUSE_MS = 200;

export interface ConnectionPool {
  /** @throws the driver's error, or `busy` when all connections are in use for too long */
  connect(): Promise<Connection>;
  end(): Promise<void>;
}

export interface PoolOptions {
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
  /** Budget shared with the other pools of the same server; it determines this pool's size. */
  readonly budget?: {
    readonly shared: ConnectionBudget;
    readonly share: (total: number) => number;
  };
  /** Server-side limit of a statement's duration; 0: none. */
  readonly statementTimeoutMs?: number | undefined;
  readonly onLost: (error: Error) => void;
}

/** Connects to the first working candidate of the target, and stays with it while it works. */
export function createConnectionPool(target: PgTarget, options: PoolOptions): ConnectionPool {
  return new TargetPool(target, options);
}

class TargetPool implements ConnectionPool {
  readonly #target: PgTarget;
  readonly #budget: ConnectionBudget | undefined;
  readonly #statementTimeoutMs: number | undefined;
  readonly #pool: pg.Pool;
  readonly #sessions = new WeakMap<pg.ClientBase, Session>();
  /** Connections that the server has accepted. */
  readonly #accepted = new Set<pg.ClientBase>();
  #chosen = 0;
  /** If a round finds no standby, any server is accepted. */
  #isPreferring: boolean;

  constructor(target: PgTarget, options: PoolOptions) {
    this.#target = target;
    this.#budget = options.budget?.shared;
    this.#statementTimeoutMs = options.statementTimeoutMs;
    this.#isPreferring = target.session === "prefer-standby" && target.candidates.length > 1;
    this.#pool = new pg.Pool({
      ...clientConfig(target, target.candidates[0]!),
      Client: clientClass(target) as unknown as typeof pg.Client,
      max: options.maxConnections,
      connectionTimeoutMillis: target.connectTimeoutMs,
      idleTimeoutMillis: options.idleTimeoutMs,
      types: { getTypeParser },
      // Returns a promise that the pool awaits; the types lack it.
      onConnect: (client) => this.#setUp(client),
    });
    this.#pool.on("error", options.onLost);
    // Without a listener the error would end the process; the current statement fails anyway.
    this.#pool.on("connect", (client) => void client.on("error", () => {}));
    options.budget?.shared.join(sizedPool(this.#pool, this.#accepted), options.budget.share);
  }

  async connect(): Promise<Connection> {
    const total = this.#budget?.total();
    if (total !== undefined && this.#pool.options.max === 0) throw noConnection(total);
    if (!this.#isPreferring) return await this.#connectToAny();
    return await this.#connectToAny().catch(() => {
      this.#isPreferring = false;
      return this.#connectToAny();
    });
  }

  end(): Promise<void> {
    return closePool(this.#pool, this.#accepted);
  }

  async #setUp(client: pg.ClientBase): Promise<void> {
    this.#accepted.add(client);
    this.#budget?.accept();
    client.once("end", () => this.#accepted.delete(client));
    const { session, options } = this.#target;
    const fallback = this.#isPreferring ? "standby" : "any";
    const wanted = session === "prefer-standby" ? fallback : session;
    const statementTimeoutMs = this.#statementTimeoutMs;
    const opened = await openSession(client, { wanted, options, statementTimeoutMs });
    this.#sessions.set(client, opened);
  }

  async #connectToAny(): Promise<Connection> {
    const { candidates } = this.#target;
    const failures: { error: unknown; candidate: Candidate }[] = [];
    for (const candidate of rotate(candidates, this.#chosen)) {
      const before = failures.at(-1);
      // Another way to the same server helps only with failures of encryption.
      const isSame = before?.candidate.host === candidate.host &&
        before.candidate.port === candidate.port;
      if (isSame && !concernsTls(before?.error)) continue;
      try {
        const connection = await this.#connectTo(candidate);
        this.#chosen = candidates.indexOf(candidate);
        return connection;
      } catch (error) {
        failures.push({ error, candidate });
        if (isPoolExhausted(error)) break;
      }
    }
    // If only the encryption failed, the other way's failure is more informative.
    throw (failures.find(({ error }) => !lacksTls(error)) ?? failures[0]!).error;
  }

  async #connectTo(candidate: Candidate): Promise<Connection> {
    const pool = this.#pool;
    Object.assign(pool.options, clientConfig(this.#target, candidate));
    const client = await pool.connect().catch((error) => {
      if (!isRefusedForNumber(error) || this.#budget === undefined) throw error;
      return this.#waitForShare(this.#budget, error);
    });
    return {
      client,
      session: this.#sessions.get(client)!,
      // Connections above a reduced share are not reused.
      release: (isBroken) => client.release(isBroken || pool.totalCount > pool.options.max),
    };
  }

  /**
   * The server's limit is reached: waits for a connection of this pool, or for another pool to
   * release one.
   */
  async #waitForShare(budget: ConnectionBudget, refused: unknown): Promise<pg.PoolClient> {
    const deadline = Date.now() + this.#target.connectTimeoutMs;
    budget.shrink(describeError(refused));
    while (true) {
      if (this.#pool.options.max === 0) throw noConnection(budget.total());
      try {
        return await this.#pool.connect();
      } catch (error) {
        if (!isRefusedForNumber(error)) throw error;
        budget.shrink(describeError(error));
        if (Date.now() > deadline) throw refused;
      }
      await new Promise((resolve) => setTimeout(resolve, REFUSED_PAUSE_MS));
    }
  }
}

function rotate<T>(items: readonly T[], first: number): T[] {
  return [...items.slice(first), ...items.slice(0, first)];
}

const lacksTls = (error: unknown) =>
  error instanceof Error && /does not support SSL/.test(error.message);

const concernsTls = (error: unknown) =>
  error instanceof Error && /SSL|TLS|certificate|encryption|pg_hba/i.test(error.message);

/** Members of the driver's pool that its types lack. */
interface Pooled {
  readonly _idle: readonly { readonly client: pg.PoolClient }[];
  _remove(client: pg.PoolClient): void;
}

/** Waits briefly for statements in progress, then closes their connections, which fails them. */
async function closePool(pool: pg.Pool, clients: ReadonlySet<pg.ClientBase>): Promise<void> {
  const ended = pool.end();
  if (await settlesWithin(ended, CLOSE_MS)) return;
  for (const client of clients) void endClient(client).catch(() => {});
  await settlesWithin(ended, CLOSE_MS / 2);
}

/** `end` of a client with a statement in progress closes its socket; the pool's type hides it. */
async function endClient(client: pg.ClientBase): Promise<void> {
  await (client as pg.ClientBase & { end(): Promise<void> }).end();
}

function sizedPool(pool: pg.Pool, accepted: ReadonlySet<pg.ClientBase>): SizedPool {
  return {
    count: () => accepted.size,
    connecting: () => Math.max(0, pool.totalCount - accepted.size),
    resize(size) {
      pool.options.max = size;
      const { _idle: idle } = pool as unknown as Pooled;
      const surplus = Math.max(0, pool.totalCount - size);
      for (const { client } of idle.slice(0, surplus)) (pool as unknown as Pooled)._remove(client);
    },
  };
}

function noConnection(total: number): AppError {
  return new AppError(
    "busy",
    `Cannot export now: the database allows ${total} connection${total === 1 ? "" : "s"}, which ` +
      "the collector and pages need; allow more, two for exports",
    { retryAfterMs: 60_000 },
  );
}

/** The pool's message when no connection became available in time. */
export function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && /timeout exceeded when trying to connect/.test(error.message);
}

const TYPE_INT8 = 20;
const TYPE_TIMESTAMPTZ = 1184;

// deno-lint-ignore no-explicit-any -- the driver's own signature is overloaded per format
function getTypeParser(oid: number, format?: any): any {
  if (oid === TYPE_INT8) return Number;
  if (oid === TYPE_TIMESTAMPTZ) return parseTimestamp;
  return pg.types.getTypeParser(oid, format);
}

/** `2018-02-09 09:28:14.789+00` → epoch ms; PostgreSQL omits trailing zeros. */
function parseTimestamp(text: string): number {
  const zoned = /[+-]\d\d$/.test(text) ? `${text}:00` : text;
  return Date.parse(zoned.replace(" ", "T"));
}
