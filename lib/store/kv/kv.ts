/** The subset of Deno KV that wick uses; implemented by `Deno.Kv`. */
export interface Kv {
  get<T>(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<T>>;
  set(
    key: Deno.KvKey,
    value: unknown,
    options?: { expireIn?: number },
  ): Promise<{ versionstamp: string }>;
  delete(key: Deno.KvKey): Promise<void>;
  list<T>(
    selector: { prefix: Deno.KvKey },
    options?: { limit?: number },
  ): AsyncIterable<Deno.KvEntry<T>>;
  atomic(): KvAtomic;
  /** Only on platforms that report other instances' writes. */
  watch?<T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
  ): ReadableStream<{ [K in keyof T]: Deno.KvEntryMaybe<T[K]> }>;
  close(): void;
}

export interface KvAtomic {
  check(...checks: Deno.AtomicCheck[]): KvAtomic;
  set(key: Deno.KvKey, value: unknown, options?: { expireIn?: number }): KvAtomic;
  delete(key: Deno.KvKey): KvAtomic;
  commit(): Promise<{ ok: boolean }>;
}

/** The file behind a local KV. */
export interface KvFile {
  readonly path: string;
  /** The reason why entries are in memory; `undefined` while the file is used. */
  problem(): string | undefined;
}

/** KV, or the reason why there is none: wick continues without it, and `/readyz` reports it. */
export type KvHandle =
  | { readonly kv: Kv; readonly file?: KvFile; readonly error?: undefined }
  | { readonly kv?: undefined; readonly file?: undefined; readonly error: string };
