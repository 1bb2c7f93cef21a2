// @ts-types="@types/pg"
import pg from "pg";
import { settlesWithin } from "../core/deadline.ts";
import { AppError } from "../core/errors.ts";
import type { EpochMs } from "../core/time.ts";
import type { Logger } from "../ports/host.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { inSpan } from "../trace.ts";

/** Runs SQL. `numeric` comes back as text, `bigint` as number, `timestamptz` as epoch ms. */
export interface Queryable {
  /** @throws `store_unavailable` when the server cannot be reached or cannot go on */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction in progress. `client` is for protocols beyond queries, such as COPY. */
export interface Transaction extends Queryable {
  readonly client: pg.PoolClient;
}

export interface Db extends Queryable {
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** As `transaction`, read-only, all statements on one snapshot. */
  snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Hands out a connection until it is released, for streams that outlive a call.
   *
   * @throws `busy` when all are lent out for too long
   */
  lend(): Promise<Loan>;
  /** Takes a second at most: statements that run longer fail. */
  close(): Promise<void>;
}

/** A connection on loan. */
export interface Loan extends Transaction {
  /** Reaches the same server by another connection, when the lender has several servers. */
  readonly server?: Queryable;
  /** Ends the loan, once. A broken connection is closed instead of being used again. */
  release(state: { isBroken: boolean }): void;
}

export interface DatabaseOptions {
  /** `undefined`: the PG* variables of the environment, read by the driver. */
  readonly url: string | undefined;
  /** Called after a connection was refused, before one more try: brings our own server back. */
  readonly revive?: () => Promise<void>;
  /** Connections at most. Hosted Postgres allows few, and every isolate has its own pool. */
  readonly maxConnections?: number;
  /** An unused connection is closed after this time; 0 keeps it. */
  readonly idleTimeoutMs?: number;
  /** A statement that takes longer fails; 0 lets each take its time. */
  readonly queryTimeoutMs?: number;
  readonly log: Logger;
  /** Told of every statement: how long it took, its way included. */
  readonly telemetry?: Telemetry;
  /** Which server this is, for telemetry. */
  readonly server?: "primary" | "replica";
}

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
/** For statements in progress when the pool is closed. */
const CLOSE_MS = 400;
/** No statement of ours takes longer; a server that hangs must not hang us. */
const QUERY_TIMEOUT_MS = 60_000;

export function openDatabase(options: DatabaseOptions): Db {
  const pool = new pg.Pool({
    ...(options.url === undefined ? {} : { connectionString: options.url }),
    max: options.maxConnections ?? 5,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
    application_name: "wick",
    types: { getTypeParser },
  });
  pool.on("error", (error) => options.log.debug(`Lost an idle connection: ${error.message}`));
  // Of a connection in use the statement fails too; without a listener it would end the process.
  const clients = new Set<pg.PoolClient>();
  pool.on("connect", (client) => {
    clients.add(client);
    client.on("error", () => {});
  });
  pool.on("remove", (client) => void clients.delete(client));
  const connect = () => connectOrRevive(pool, options.revive);
  const run = createRunner(options);
  const transact = <T>(begin: string, work: (tx: Transaction) => Promise<T>) =>
    withClient(connect, (client) => runTransaction(run, client, begin, work));
  return {
    query: (sql, values) => withClient(connect, (client) => run(client, sql, values)),
    transaction: (work) => transact("begin", work),
    snapshot: (work) => transact("begin isolation level repeatable read read only", work),
    lend: async () => toLoan(run, await connect().catch(refuseIfBusy)),
    close: () => closePool(pool, clients),
  };
}

/** Lets statements in progress end for a moment, then ends their connections: they fail. */
async function closePool(pool: pg.Pool, clients: ReadonlySet<pg.PoolClient>): Promise<void> {
  const ended = pool.end();
  if (await settlesWithin(ended, CLOSE_MS)) return;
  for (const client of clients) void endClient(client).catch(() => {});
  await settlesWithin(ended, CLOSE_MS / 2);
}

/** `end` of a client with a statement in progress closes its socket; the pool's type hides it. */
async function endClient(client: pg.PoolClient): Promise<void> {
  await (client as pg.PoolClient & { end(): Promise<void> }).end();
}

function toLoan(run: Runner, client: pg.PoolClient): Loan {
  return {
    client,
    query: async (sql, values) => {
      try {
        return await run(client, sql, values);
      } catch (error) {
        throw toAppError(error);
      }
    },
    release: ({ isBroken }) => client.release(isBroken),
  };
}

/** The pool's own words when no connection came back in time. */
const POOL_EXHAUSTED = /timeout exceeded when trying to connect/;

function refuseIfBusy(error: unknown): never {
  const isBusy = error instanceof AppError && POOL_EXHAUSTED.test(error.message);
  if (!isBusy) throw error;
  throw new AppError("busy", "Cannot export now: all export connections are in use", {
    cause: error,
    retryAfterMs: 5_000,
  });
}

async function connectOrRevive(pool: pg.Pool, revive?: () => Promise<void>) {
  try {
    return await pool.connect();
  } catch (error) {
    if (revive === undefined) throw toAppError(error);
    await revive();
    return await pool.connect().catch((error) => Promise.reject(toAppError(error)));
  }
}

async function withClient<T>(
  connect: () => Promise<pg.PoolClient>,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await connect();
  try {
    const result = await work(client);
    client.release();
    return result;
  } catch (error) {
    // What failed may have left a transaction, a COPY or a dead socket behind: do not reuse it.
    client.release(true);
    throw toAppError(error);
  }
}

/** Runs one statement on a connection. */
type Runner = <Row>(
  client: pg.PoolClient,
  sql: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** A runner that makes a span of each statement and tells telemetry of it. */
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
  client: pg.PoolClient,
  begin: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  await client.query(begin);
  const result = await work({
    client,
    query: (sql, values) => run(client, sql, values),
  });
  await client.query("commit");
  return result;
}

const TYPE_INT8 = 20;
const TYPE_TIMESTAMPTZ = 1184;

// deno-lint-ignore no-explicit-any -- the driver's own signature is overloaded per format
function getTypeParser(oid: number, format?: any): any {
  if (oid === TYPE_INT8) return Number;
  if (oid === TYPE_TIMESTAMPTZ) return parseTimestamp;
  return pg.types.getTypeParser(oid, format);
}

/** `2018-02-09 09:28:14.789+00` → epoch ms; Postgres leaves out what is zero. */
function parseTimestamp(text: string): EpochMs {
  const zoned = /[+-]\d\d$/.test(text) ? `${text}:00` : text;
  return Date.parse(zoned.replace(" ", "T"));
}

/** SQLSTATE classes that say "not now" rather than "your statement is wrong". */
const TRANSIENT_STATE = /^(08|53|57P|58|25006|28|3D000|55006|40)/;
const TRANSIENT_TEXT =
  /ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|Connection terminated|timeout|not queryable/i;

function toAppError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  const isTransient = TRANSIENT_STATE.test(code) ||
    TRANSIENT_TEXT.test(`${code} ${error.message}`) || error instanceof AggregateError;
  if (!isTransient) return error;
  return new AppError("store_unavailable", `Cannot use the database: ${error.message || code}`, {
    cause: error,
    retryAfterMs: 5_000,
  });
}
