import { within } from "../../core/deadline.ts";
import { AppError } from "../../core/errors.ts";
import { isLostConnection } from "./connection/database_errors.ts";
import type { LazyDatabase } from "./connection/lazy_database.ts";

/**
 * Rejects with the reason when the database cannot be read and written, or does not respond in
 * time.
 */
export type Readiness = (withinMs?: number) => Promise<void>;

/** Timeout of a trivial statement, in ms. */
const ANSWER_MS = 3_000;

/**
 * Checks the database through a connection of the pool. Only after a failed write it also writes
 * (the row of `terms`, and a temporary table to check disk space). Concurrent calls share one
 * check.
 */
export function createReadiness(
  db: LazyDatabase,
  { hasWriteFailed, refusal }: {
    readonly hasWriteFailed: () => boolean;
    /** The server's reason for a connection that it has just rejected. */
    readonly refusal: () => string | undefined;
  },
): Readiness {
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    // An idle connection ended by the server says nothing about the next one.
    await requireAnswer(db).catch((error) => {
      if (!isLostConnection(error)) throw error;
      return requireAnswer(db);
    });
    if (hasWriteFailed()) await tryWriting(db);
  }

  return async (withinMs) => {
    looking ??= look().finally(() => looking = undefined);
    if (withinMs === undefined) return await looking;
    await within(looking, withinMs, () => {
      const refused = refusal();
      const other = db.isOpening()
        ? "it is being created, started or migrated"
        : `no answer and no free connection within ${withinMs / 1_000} s`;
      const reason = refused === undefined
        ? other
        : `no free connection within ${withinMs / 1_000} s: ${refused}`;
      return new AppError("store_unavailable", `Cannot use the database: ${reason}`);
    });
  };
}

async function requireAnswer(db: LazyDatabase): Promise<void> {
  const loan = await db.lend();
  let isBroken = true;
  try {
    const rows = loan.query<{ is_standby: boolean }>("select pg_is_in_recovery() as is_standby");
    const [row] = await within(
      rows,
      ANSWER_MS,
      () =>
        new AppError("store_unavailable", `Cannot use the database: no answer in ${ANSWER_MS} ms`),
    );
    isBroken = false;
    if (!row!.is_standby) return;
  } finally {
    loan.release({ isBroken });
  }
  throw new AppError(
    "store_unavailable",
    "Cannot write to the database: the server is a read-only standby; give DATABASE_URL the " +
      "primary's address",
  );
}

async function tryWriting(db: LazyDatabase): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      "insert into terms (is_only) values (true) on conflict (is_only) do update set is_only = true",
    );
    const [right] = await tx.query<{ has: boolean }>(
      "select has_database_privilege(current_database(), 'TEMPORARY') as has",
    );
    if (!right!.has) return;
    await tx.query(
      `create temporary table wick_room on commit drop as
       select repeat(md5(n::text), 30) as filling from generate_series(1, 1000) as n`,
    );
  });
}
