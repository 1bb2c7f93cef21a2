import type { Db, Queryable } from "../../store/postgres/connection/database.ts";

/** A database that counts the statements sent to it. */
export function countStatements(db: Db) {
  let count = 0;
  const counting = <Target extends Queryable>(target: Target): Target => ({
    ...target,
    query(sql: string, values?: readonly unknown[]) {
      count++;
      return target.query(sql, values);
    },
  });
  return {
    db: {
      ...counting(db),
      snapshot: (work) => db.snapshot((tx) => work(counting(tx))),
      transaction: (work) => db.transaction((tx) => work(counting(tx))),
    } as Db,
    count: () => count,
    reset() {
      count = 0;
    },
  };
}
