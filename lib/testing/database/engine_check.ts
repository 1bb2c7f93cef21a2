import type { Db, Queryable } from "../../store/postgres/connection/database.ts";
import { findRefusals } from "./engine_rules.ts";

/**
 * A database that throws when wick's own code sends it a statement that Citus or TimescaleDB
 * refuses: the tests run on neither. Statements of the tests themselves are not checked.
 */
export function withEngineRules(db: Db): Db {
  const query = (to: Queryable): Queryable["query"] => (sql, values) => {
    requireAccepted(sql);
    return to.query(sql, values);
  };
  return {
    ...db,
    query: query(db),
    transaction: (work) => db.transaction((tx) => work({ ...tx, query: query(tx) })),
    snapshot: (work) => db.snapshot((tx) => work({ ...tx, query: query(tx) })),
    lend: async () => {
      const loan = await db.lend();
      return { ...loan, query: query(loan) };
    },
  };
}

const accepted = new Set<string>();

/** @throws when wick's own code is about to send a statement that an engine refuses */
function requireAccepted(sql: string): void {
  if (accepted.has(sql)) return;
  const sender = findSender(new Error().stack ?? "");
  if (sender === undefined) return;
  const [refusal] = findRefusals(sql);
  if (refusal !== undefined) {
    throw new Error(
      `${refusal.engine} refuses a statement of ${sender}: ${refusal.reason}\n${sql}`,
    );
  }
  accepted.add(sql);
}

/** The file of the store that sends a statement; `undefined` when another program part does. */
export function findSender(stack: string): string | undefined {
  const frame = stack.split("\n").find((line) =>
    line.includes(".ts:") && !line.includes("/lib/testing/")
  );
  return frame?.match(/\/(lib\/store\/postgres\/[a-z_/]+\.ts:\d+)/)?.[1]
    ?.replace(/^.*_test\.ts.*$/, "") || undefined;
}
