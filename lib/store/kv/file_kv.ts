import { mkdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { describeError } from "../../core/errors.ts";
import type { EpochMs } from "../../core/time.ts";
import type { Logger } from "../../ports/host.ts";
import type { Kv, KvAtomic, KvFile } from "./kv.ts";
import { type Check, decodeKey, encodeKey, type Mutation, SqliteKv } from "./sqlite_kv.ts";

export interface FileKvOptions {
  readonly log: Logger;
  readonly now: () => EpochMs;
}

/** Time after a failure before the file is tried again. */
const RETRY_MS = 2_000;
/** With less free space the file is not used again: the next write could fail. */
const MIN_FREE_BYTES = 1024 * 1024;
const ATTEMPTS = 20;
const PAUSE_MS = 10;
/** Opening blocks the process; concurrent processes lock the file in turn. */
const FIRST_LOCK_WAIT_MS = 2_000;
const RETRY_LOCK_WAIT_MS = 50;

/**
 * KV in an SQLite file shared with other processes. A damaged file is renamed and replaced; while
 * the file is unusable, entries are kept in memory. No operation fails for either reason.
 */
export function openFileKv(path: string, options: FileKvOptions): { kv: Kv; file: KvFile } {
  const store = new GuardedFile(path, options);
  store.current();
  return { kv: toKv(store, options.now), file: { path, problem: () => store.problem } };
}

class GuardedFile {
  readonly #path: string;
  readonly #options: FileKvOptions;
  #file: { readonly db: SqliteKv; readonly identity: string } | undefined;
  #memory: SqliteKv | undefined;
  #retryAt = 0;
  /** The reason why the file is not used. */
  problem: string | undefined;

  constructor(path: string, options: FileKvOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Runs `work`, and repeats it in memory or on a new file if the file fails. */
  async use<T>(work: (db: SqliteKv) => T): Promise<T> {
    for (let attempt = 1;; attempt++) {
      const db = this.current();
      try {
        return work(db);
      } catch (error) {
        if (db === this.#memory) throw error;
        if (isLocked(error) && attempt < ATTEMPTS) await pause(attempt);
        else this.#fail(error, attempt);
      }
    }
  }

  /** The store to use now. */
  current(): SqliteKv {
    // Another process may have renamed the file, or a user deleted it.
    if (this.#file && this.#file.identity !== identityOf(this.#path)) this.#leave();
    if (this.#file === undefined && this.#options.now() >= this.#retryAt) this.#open();
    return this.#file?.db ?? (this.#memory ??= new SqliteKv(":memory:"));
  }

  close(): void {
    this.#file?.db.close();
    this.#memory?.close();
  }

  #open(): void {
    try {
      this.#adopt();
    } catch (error) {
      this.#note(isUnusable(error, this.#path) ? this.#repair(error) : error);
    }
  }

  #adopt(): void {
    const { log, now } = this.#options;
    mkdirSync(dirname(this.#path), { recursive: true });
    if (this.problem !== undefined) requireRoom(this.#path);
    const kept = this.#memory?.list("", now()) ?? [];
    const lockWaitMs = this.problem === undefined ? FIRST_LOCK_WAIT_MS : RETRY_LOCK_WAIT_MS;
    // merge() always writes, which shows that the file is writable.
    const db = new SqliteKv(this.#path, lockWaitMs, (opened) => opened.merge(kept, now()));
    this.#file = { db, identity: identityOf(this.#path) };
    this.#memory?.close();
    this.#memory = undefined;
    if (this.problem !== undefined) log.info(`The KV file ${this.#path} can be used again`);
    this.problem = undefined;
  }

  /**
   * Renames a permanently unusable file and creates a new one; returns the reason if that fails.
   */
  #repair(error: unknown): unknown {
    const reason = describeError(error);
    try {
      const aside = setAside(this.#path);
      this.#options.log.warn(
        `The KV file ${this.#path} cannot be used: ${reason}. It was renamed to ${aside} and replaced; ` +
          "leases, bans and live candles are built again",
      );
      this.#adopt();
      return undefined;
    } catch (second) {
      return isUnusable(second, this.#path) ? error : second;
    }
  }

  #fail(error: unknown, attempt: number): void {
    this.#leave();
    // A file that has been damaged, truncated or moved is opened again, which repairs it.
    if (isTemporary(error) || attempt > 2) this.#note(error);
  }

  /** Copies the entries that can still be read. */
  #leave(): void {
    const now = this.#options.now();
    this.#memory ??= new SqliteKv(":memory:");
    try {
      this.#memory.merge(this.#file!.db.list("", now), now);
    } catch {
      // Unreadable entries are rebuilt over time.
    }
    this.#file!.db.close();
    this.#file = undefined;
  }

  #note(error: unknown): void {
    if (error === undefined) return;
    const { log, now } = this.#options;
    this.#retryAt = now() + RETRY_MS;
    // without the failing call
    const reason = describeError(error).replace(/^E[A-Z]+: ([^,]+),.*$/s, "$1");
    if (this.problem === undefined) {
      log.warn(
        `Cannot use the KV file ${this.#path}: ${reason}; leases, bans and live candles are kept in ` +
          "memory until it can be used",
      );
    }
    this.problem = reason;
  }
}

function toKv(store: GuardedFile, now: () => EpochMs): Kv {
  const commit = (checks: readonly Check[], mutations: readonly Mutation[]) =>
    store.use((db) => db.commit(checks, mutations, now()));
  const toSet = (key: Deno.KvKey, value: unknown, { expireIn }: { expireIn?: number } = {}) => {
    const expiresAt = expireIn === undefined ? null : Math.ceil(now() + expireIn);
    const entry = { key: encodeKey(key), value: JSON.stringify(value), expiresAt };
    return { kind: "set", entry } as const;
  };
  return {
    async get<T>(key: Deno.KvKey) {
      const found = await store.use((db) => db.get(encodeKey(key), now()));
      if (found === undefined) return { key, value: null, versionstamp: null };
      return { key, value: JSON.parse(found.value) as T, versionstamp: toVersion(found.stamp) };
    },
    async set(key, value, options) {
      const stamp = await commit([], [toSet(key, value, options)]);
      return { ok: true, versionstamp: toVersion(stamp!) };
    },
    async delete(key) {
      await commit([], [{ kind: "delete", key: encodeKey(key) }]);
    },
    async *list<T>({ prefix }: { prefix: Deno.KvKey }, { limit }: { limit?: number } = {}) {
      const entries = await store.use((db) => db.list(encodeKey(prefix), now(), limit));
      for (const { key, value, stamp } of entries) {
        const versionstamp = toVersion(stamp);
        yield { key: decodeKey(key), value: JSON.parse(value) as T, versionstamp };
      }
    },
    atomic() {
      const checks: Check[] = [];
      const mutations: Mutation[] = [];
      const operation: KvAtomic = {
        check(...more) {
          for (const { key, versionstamp } of more) {
            const stamp = versionstamp === null ? undefined : Number(versionstamp);
            checks.push({ key: encodeKey(key), stamp });
          }
          return operation;
        },
        set(key, value, options) {
          mutations.push(toSet(key, value, options));
          return operation;
        },
        delete(key) {
          mutations.push({ kind: "delete", key: encodeKey(key) });
          return operation;
        },
        commit: async () => ({ ok: await commit(checks, mutations) !== undefined }),
      };
      return operation;
    },
    close: () => store.close(),
  };
}

/** As text that sorts like the number. */
function toVersion(stamp: number): string {
  return String(stamp).padStart(20, "0");
}

const isLocked = (error: unknown) => /locked|busy/i.test(describeError(error));

const isTemporary = (error: unknown) => isLocked(error) || /full|I\/O/i.test(describeError(error));

/** True if the file itself is at fault, not its disk or folder. */
function isUnusable(error: unknown, path: string): boolean {
  if (/not a database|malformed|another version|readonly/i.test(describeError(error))) {
    return true;
  }
  const isOpenable = () => {
    Deno.openSync(path, { read: true, write: true }).close();
    return true;
  };
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ||
      (statSync(path, { throwIfNoEntry: false }) !== undefined && !isOpenable());
  } catch (cause) {
    return cause instanceof Deno.errors.PermissionDenied;
  }
}

/** Renames the file, replacing an earlier renamed one. */
function setAside(path: string): string {
  for (const suffix of ["-journal", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  const aside = `${path}.damaged`;
  try {
    renameSync(path, aside);
    return aside;
  } catch (error) {
    if (statSync(aside, { throwIfNoEntry: false }) === undefined) throw error;
    const other = `${aside}-${Date.now()}`; // a folder is not replaced
    renameSync(path, other);
    return other;
  }
}

/** Distinguishes files at the same path. */
function identityOf(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? "none" : `${found.dev}:${found.ino}`;
  } catch {
    return "unknown";
  }
}

function requireRoom(path: string): void {
  const { bavail, bsize } = statfsSync(dirname(path));
  if (bavail * bsize < MIN_FREE_BYTES) throw new Error("the disk is full");
}

async function pause(attempt: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt * Math.random()));
}
