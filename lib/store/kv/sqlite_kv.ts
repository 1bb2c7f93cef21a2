import { DatabaseSync } from "node:sqlite";
import type { EpochMs } from "../../core/time.ts";

/** A stored entry. */
export interface StoredEntry {
  /** As `encodeKey` writes it. */
  readonly key: string;
  /** JSON. */
  readonly value: string;
  /** Grows with every commit, whichever process made it. */
  readonly stamp: number;
  readonly expiresAt: EpochMs | null;
}

export type Mutation =
  | { readonly kind: "set"; readonly entry: Omit<StoredEntry, "stamp"> }
  | { readonly kind: "delete"; readonly key: string };

export interface Check {
  readonly key: string;
  /** `undefined`: the entry must not exist. */
  readonly stamp: number | undefined;
}

/** Schema version of the file; files with other versions are rejected. */
const FORMAT = 7;
const LAST_CHARACTER = "\u{10ffff}";
const COLUMNS = `key, value, stamp, expires_at as "expiresAt"`;

/**
 * Keys and values in an SQLite file, or in memory (`:memory:`). Every failure is thrown as an
 * `Error` with SQLite's own message. Memory-mapped I/O is off, because a file that shrinks would
 * end the process.
 */
export class SqliteKv {
  readonly #db: DatabaseSync;

  /**
   * Opens the file and calls `prepare` on it. Blocks for up to `lockWaitMs` while another process
   * has the file locked; later operations fail immediately with "database is locked".
   * @throws the reason why the file is unusable, such as another program's schema
   */
  constructor(path: string, lockWaitMs = 0, prepare: (opened: SqliteKv) => void = () => {}) {
    this.#db = new DatabaseSync(path, { timeout: lockWaitMs });
    try {
      this.#prepare();
      prepare(this);
      this.#db.exec("pragma busy_timeout = 0");
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  #prepare(): void {
    const db = this.#db;
    db.exec("begin"); // one consistent view: another process may be creating the tables
    const format = db.prepare("pragma user_version").get()?.["user_version"];
    const tables = db.prepare("select count(*) as n from sqlite_master").get()?.["n"];
    db.exec("commit");
    if (format !== FORMAT && !(format === 0 && tables === 0)) {
      throw new Error("it was written by another version of wick");
    }
    // All entries can be rebuilt, so they need not survive a power failure.
    db.exec("pragma journal_mode = truncate; pragma synchronous = off; pragma mmap_size = 0");
    const state = db.prepare("pragma quick_check(1)").get()?.["quick_check"];
    if (state !== "ok") throw new Error("database disk image is malformed");
    if (format === FORMAT) return;
    this.#within(() =>
      db.exec(`
        create table if not exists entries (
          key text primary key, value text not null, stamp integer not null, expires_at integer
        ) without rowid;
        create table if not exists clock (stamp integer not null);
        insert into clock select 0 where not exists (select 1 from clock);
        pragma user_version = ${FORMAT}`)
    );
  }

  get(key: string, now: EpochMs): StoredEntry | undefined {
    const row = this.#db.prepare(
      `select ${COLUMNS} from entries where key = ? and (expires_at is null or expires_at > ?)`,
    ).get(key, now);
    return row as StoredEntry | undefined;
  }

  /** Entries whose encoded keys begin with `prefix`, in the order of their keys. */
  list(prefix: string, now: EpochMs, limit = -1): StoredEntry[] {
    const rows = this.#db.prepare(
      `select ${COLUMNS} from entries where key >= ? and key < ?
         and (expires_at is null or expires_at > ?) order by key limit ?`,
    ).all(prefix, prefix + LAST_CHARACTER, now, limit);
    return rows as unknown as StoredEntry[];
  }

  /** Applies the mutations if every check holds; returns their stamp, or `undefined`. */
  commit(
    checks: readonly Check[],
    mutations: readonly Mutation[],
    now: EpochMs,
  ): number | undefined {
    return this.#within(() => {
      if (checks.some(({ key, stamp }) => this.get(key, now)?.stamp !== stamp)) return undefined;
      const db = this.#db;
      db.prepare("delete from entries where expires_at <= ?").run(now);
      const tick = "update clock set stamp = max(stamp + 1, ?) returning stamp";
      const stamp = Number(db.prepare(tick).get(now * 1_000)!["stamp"]);
      for (const mutation of mutations) {
        if (mutation.kind === "delete") {
          db.prepare("delete from entries where key = ?").run(mutation.key);
        } else this.#put({ ...mutation.entry, stamp });
      }
      return stamp;
    });
  }

  /** Copies entries from another store, unless a newer one exists. */
  merge(entries: readonly StoredEntry[], now: EpochMs): void {
    this.#within(() => {
      for (const entry of entries) {
        const held = this.get(entry.key, now);
        if (held === undefined || held.stamp < entry.stamp) this.#put(entry);
      }
      const newest = Math.max(0, ...entries.map(({ stamp }) => stamp));
      this.#db.prepare("update clock set stamp = max(stamp + 1, ?)").run(newest);
    });
  }

  close(): void {
    this.#db.close();
  }

  #put({ key, value, stamp, expiresAt }: StoredEntry): void {
    this.#db.prepare("insert or replace into entries values (?, ?, ?, ?)")
      .run(key, value, stamp, expiresAt);
  }

  #within<T>(work: () => T): T {
    const db = this.#db;
    db.exec("begin immediate");
    try {
      const result = work();
      db.exec("commit");
      return result;
    } catch (error) {
      try {
        db.exec("rollback");
      } catch {
        // SQLite has already rolled back.
      }
      throw error;
    }
  }
}

/** Key as text, so that a key's text begins with the text of its prefixes. */
export function encodeKey(key: Deno.KvKey): string {
  return key.map((part) => `${JSON.stringify(part)},`).join("");
}

export function decodeKey(text: string): Deno.KvKey {
  return JSON.parse(`[${text.slice(0, -1)}]`);
}
