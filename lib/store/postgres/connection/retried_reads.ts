import type { Db } from "./database.ts";
import { isLostConnection } from "./database_errors.ts";

/** Maximum number of dead idle connections in a pool before a new one is opened. */
const ATTEMPTS = 4;

/**
 * A database for reading that repeats statements interrupted by a lost connection: the server was
 * restarted, or ended idle sessions. Not for statements that write.
 */
export function retryReads(db: Db): Db {
  async function repeat<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1;; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!isLostConnection(error) || attempt === ATTEMPTS) throw error;
      }
    }
  }
  return {
    query: (sql, values) => repeat(() => db.query(sql, values)),
    snapshot: (work) => repeat(() => db.snapshot(work)),
    transaction: (work) => db.transaction(work),
    lend: () => repeat(() => db.lend()),
    close: () => db.close(),
  };
}
