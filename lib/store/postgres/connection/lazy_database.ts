import { settlesWithin } from "../../../core/deadline.ts";
import { AppError } from "../../../core/errors.ts";
import { SECOND_MS } from "../../../core/time.ts";
import type { Db } from "./database.ts";
import type { OutageLog } from "./outage_log.ts";

/** A database that may not be available yet. */
export interface LazyDatabase extends Db {
  /** The opened and prepared database; throws the reason if that fails. */
  open(): Promise<Db>;
  /** True if it is being opened. */
  isOpening(): boolean;
  /** Makes the next use open it again, for example at another address. */
  reopen(): void;
}

/** Opening can take long: until the next attempt, callers get the last reason. */
const RETRY_MS = SECOND_MS;
/** Time limits for opening and closing, because the server may be unresponsive. */
const CLOSE_MS = 700;

/**
 * Opens the database on first use. While `prepare` fails, every use fails with its reason, and a
 * later one tries again, so wick may start before its database.
 */
export function lazyDatabase(
  prepare: () => Promise<Db>,
  { now, outage }: { readonly now: () => number; readonly outage: OutageLog },
): LazyDatabase {
  let opening: Promise<Db> | undefined;
  let failure: { error: unknown; at: number } | undefined;
  let isClosed = false;
  let isOpen = false;

  async function open(): Promise<Db> {
    if (isClosed) throw new AppError("store_unavailable", "Cannot use the database: shutting down");
    if (opening === undefined) {
      if (failure && now() - failure.at < RETRY_MS) throw failure.error;
      const own = opening = prepare();
      own.then(() => isOpen = opening === own, (error) => {
        failure = { error, at: now() };
        opening = undefined;
      });
    }
    return await opening;
  }

  return {
    open,
    isOpening: () => opening !== undefined && !isOpen,
    reopen() {
      const last = opening;
      [opening, isOpen] = [undefined, false];
      void last?.then((db) => db.close()).catch(() => {});
    },
    query: (sql, values) => outage.watch("reading", async () => (await open()).query(sql, values)),
    transaction: (work) => outage.watch("writing", async () => (await open()).transaction(work)),
    snapshot: (work) => outage.watch("reading", async () => (await open()).snapshot(work)),
    lend: () => outage.watch("reading", async () => (await open()).lend()),
    async close() {
      isClosed = true;
      const last = opening;
      if (last === undefined) return;
      await settlesWithin(last, CLOSE_MS);
      await settlesWithin(last.then((db) => db.close()), CLOSE_MS);
    },
  };
}
