// @ts-types="@types/pg"
import type pg from "pg";
import { AppError, describeError } from "../../../core/errors.ts";
import type { Logger } from "../../../ports/host.ts";
import type { Telemetry } from "../../../ports/telemetry.ts";
import type { Environment } from "../../../pg_service.ts";
import { inSpan } from "../../../trace.ts";
import {
  type Connection,
  type ConnectionPool,
  createConnectionPool,
  isPoolExhausted,
  type PoolOptions,
} from "./connection_pool.ts";
import { isConflict, type ServerName, toStoreError } from "./database_errors.ts";
import type { TransactionKind } from "./pg_session.ts";
import { readPgTarget } from "./pg_target.ts";

/** Runs SQL. `numeric` comes back as text, `bigint` as number, `timestamptz` as epoch ms. */
export interface Queryable {
  /** @throws `store_unavailable` when the server is unreachable or not usable */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction in progress. `client` is for protocols beyond queries, such as COPY. */
export interface Transaction extends Queryable {
  readonly client: pg.PoolClient;
}

export interface Db extends Queryable {
  /**
   * Commits when `work` resolves, rolls back when it throws. After a deadlock or a serialization
   * failure `work` is called again, so it must have no other effect.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** As `transaction`, read-only, all statements on one snapshot. */
  snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Hands out a connection until it is released, for streams that outlive a call.
   *
   * @throws `busy` when all are lent out for too long
   */
  lend(): Promise<Loan>;
  /** For statements of at most a second: longer ones fail. */
  close(): Promise<void>;
}

/** A borrowed connection. */
export interface Loan extends Transaction {
  /** Connects to the same server, if the lender has several servers. */
  readonly server?: Queryable;
  /** Begins a read-only transaction, all of its statements on one snapshot. */
  beginSnapshot(): Promise<void>;
  /** Returns the connection, once. A broken one is closed instead of being reused. */
  release(state: { isBroken: boolean }): void;
}

export interface DatabaseOptions {
  /** `undefined`: take it from `environment`. */
  readonly url: string | undefined;
  /** libpq's variables, for an external database; empty for the embedded one. */
  readonly environment?: Environment;
  /** Called after a rejected connection, before a second attempt: restarts the embedded server. */
  readonly revive?: () => Promise<void>;
  /** Maximum connections, and their distribution over the server's pools. */
  readonly maxConnections?: number;
  readonly budget?: PoolOptions["budget"];
  /** An unused connection is closed after this time; 0 keeps it. */
  readonly idleTimeoutMs?: number;
  /** Client-side limit of a statement's duration; 0: none. */
  readonly queryTimeoutMs?: number;
  /** Server-side limit: without it a statement would continue after the client has given up. */
  readonly statementTimeoutMs?: number;
  readonly log: Logger;
  /** Called after every statement with its duration, including the network. */
  readonly telemetry?: Telemetry;
  /** Name of this server for telemetry. */
  readonly server?: "primary" | "replica";
}

const IDLE_TIMEOUT_MS = 30_000;
/** Longer than any statement of wick: bounds the wait for a server that hangs. */
const QUERY_TIMEOUT_MS = 60_000;

/** @throws `store_unavailable` when the parameters of the connection cannot be used */
export function openDatabase(options: DatabaseOptions): Db {
  const target = readPgTarget(options.url, options.environment ?? {});
  const pool = createConnectionPool(target, {
    maxConnections: options.maxConnections ?? 5,
    idleTimeoutMs: options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
    statementTimeoutMs: options.statementTimeoutMs,
    onLost: (error) => options.log.debug(`Lost an idle connection: ${error.message}`),
    ...options.budget === undefined ? {} : { budget: options.budget },
  });
  const servers = target.candidates.map(({ host, name, port }) => `${name ?? host}:${port}`);
  const own: Own = {
    pool,
    options,
    run: createRunner(options),
    name: {
      address: [...new Set(servers)].join(", "),
      user: target.user,
      database: target.database,
      isEmbedded: options.revive !== undefined,
    },
  };
  return {
    query: (sql, values) =>
      withConnection(
        own,
        (connection) =>
          connection.session.isTransactional
            ? runTransaction(own.run, connection, "default", (tx) => tx.query(sql, values))
            : own.run(connection.client, sql, values),
      ),
    transaction: (work) => transact(own, "default", work),
    snapshot: (work) => transact(own, "snapshot", work),
    lend: async () => toLoan(own, await connect(own).catch(refuseIfBusy)),
    close: () => pool.end(),
  };
}

/** Shared state of a database's functions. */
interface Own {
  readonly pool: ConnectionPool;
  readonly options: DatabaseOptions;
  readonly run: Runner;
  readonly name: ServerName;
}

/** Attempts at a transaction that the server rolls back because of another one. */
const ATTEMPTS = 4;

/**
 * Runs a transaction. One that writes is tried again after a deadlock, which a correction can have
 * with a program that locks chunks or moves shards. (A snapshot that fails is not: a replica that
 * cancels it will do so again, and the primary can answer.)
 */
async function transact<T>(
  own: Own,
  kind: TransactionKind,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await withConnection(
        own,
        (connection) => runTransaction(own.run, connection, kind, work),
      );
    } catch (error) {
      if (kind === "snapshot" || attempt === ATTEMPTS || !isConflict(error)) throw error;
      own.options.log.debug(`Repeating a transaction: ${describeError(error)}`);
    }
  }
}

function toLoan({ run, name }: Own, { client, session, release }: Connection): Loan {
  return {
    client,
    query: async (sql, values) => {
      try {
        return await run(client, sql, values);
      } catch (error) {
        throw toStoreError(error, name);
      }
    },
    beginSnapshot: async () => {
      await client.query(session.begin("snapshot")).catch((error) => {
        throw toStoreError(error, name);
      });
    },
    release: ({ isBroken }) => release(isBroken),
  };
}

function refuseIfBusy(error: unknown): never {
  if (!(error instanceof AppError && isPoolExhausted(error.cause))) throw error;
  throw new AppError("busy", "Cannot export now: all export connections are in use", {
    cause: error,
    retryAfterMs: 5_000,
  });
}

async function connect({ pool, options, name }: Own): Promise<Connection> {
  const fail = (error: unknown) => {
    throw toStoreError(error, name);
  };
  try {
    return await pool.connect();
  } catch (error) {
    if (options.revive === undefined || isPoolExhausted(error)) return fail(error);
    await options.revive();
    return await pool.connect().catch(fail);
  }
}

async function withConnection<T>(
  own: Own,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(own);
  try {
    const result = await work(connection);
    connection.release(false);
    return result;
  } catch (error) {
    // A failure may leave a transaction, a COPY or a dead socket behind, so the connection is not
    // reused.
    connection.release(true);
    throw toStoreError(error, own.name);
  }
}

/** Runs one statement on a connection. */
type Runner = <Row>(
  client: pg.PoolClient,
  sql: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** A runner that creates a span for each statement and reports it to telemetry. */
function createRunner(
  { telemetry, server = "primary", queryTimeoutMs = QUERY_TIMEOUT_MS }: DatabaseOptions,
): Runner {
  return async <Row>(client: pg.PoolClient, sql: string, values: readonly unknown[] = []) => {
    const query = { text: sql, values: [...values], query_timeout: queryTimeoutMs };
    const attributes = { "db.system.name": "postgresql", "db.query.text": sql };
    const start = performance.now();
    let outcome: "ok" | "failed" = "failed";
    try {
      const result = await inSpan("postgres query", attributes, () => client.query(query));
      outcome = "ok";
      return result.rows as Row[];
    } finally {
      const seconds = (performance.now() - start) / 1_000;
      telemetry?.record({ kind: "query", server, outcome, seconds });
    }
  };
}

async function runTransaction<T>(
  run: Runner,
  { client, session }: Connection,
  kind: TransactionKind,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  await client.query(session.begin(kind));
  const result = await work({
    client,
    query: (sql, values) => run(client, sql, values),
  });
  await client.query("commit");
  return result;
}
