import { LRUCache } from "lru-cache";

/** A finished answer: the bytes and what names them. */
export interface CachedAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** Answers to the requests of the last moment: whoever asks the same at the same time shares one. */
export interface AnswerCache {
  /**
   * `make` runs unless an answer of this name is fresh or being made; its failure is not kept. For
   * `staleMs` more, whoever asks has the old answer while the new one is being made.
   */
  get<Answer extends object = CachedAnswer>(
    name: string,
    make: () => Promise<Answer>,
    staleMs?: number,
  ): Promise<Answer>;
}

/** Long enough to spare the database a crowd, too short for anyone to see an old candle. */
const FRESH_MS = 250;
const MAX_ANSWERS = 500;

interface Entry {
  readonly answer: Promise<object>;
  /** Unset while the answer is being made. */
  madeAt?: number;
  isRemade?: boolean;
}

export function createAnswerCache(now = () => performance.now()): AnswerCache {
  const entries = new LRUCache<string, Entry>({ max: MAX_ANSWERS });

  function add(name: string, answer: Promise<object>): void {
    const entry: Entry = { answer };
    entries.set(name, entry);
    answer.then(
      () => entry.madeAt = now(),
      () => entries.peek(name) === entry && entries.delete(name),
    );
  }

  /** The old answer stays for those who come meanwhile. */
  function remake(name: string, old: Entry, make: () => Promise<object>): void {
    old.isRemade = true;
    make().then(
      (answer) => entries.set(name, { answer: Promise.resolve(answer), madeAt: now() }),
      () => entries.peek(name) === old && entries.delete(name),
    );
  }

  return {
    get<Answer extends object>(name: string, make: () => Promise<Answer>, staleMs = 0) {
      const known = entries.get(name);
      const age = known?.madeAt === undefined ? 0 : now() - known.madeAt;
      if (known && age < FRESH_MS + staleMs) {
        if (age >= FRESH_MS && !known.isRemade) remake(name, known, make);
        return known.answer as Promise<Answer>;
      }
      const answer = make();
      add(name, answer);
      return answer;
    },
  };
}
