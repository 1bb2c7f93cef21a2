import { LRUCache } from "lru-cache";

/** A finished response and its ETag. */
export interface CachedAnswer {
  /** Text: the server sends it with one copy fewer than bytes. */
  readonly body: string;
  readonly etag: string;
}

/** Answers of the last moment: equal requests at the same time share one. */
export interface AnswerCache {
  /**
   * `make` runs unless an answer of this name is fresh or being made; its failure is not kept. It
   * is handed the old answer, if there is one, and may find that it still holds. An answer is fresh
   * for `freshMs`; for `staleMs` more, requests get it while the new one is being made.
   */
  get<Answer extends object = CachedAnswer>(
    name: string,
    make: (old: Answer | undefined) => Promise<Answer>,
    lifetime?: { readonly freshMs?: number; readonly staleMs?: number },
  ): Promise<Answer>;
  /** The answer of this name, if it is made and fresh. */
  findFresh(name: string): object | undefined;
}

/** The shared answer that a response was made from. */
export interface Reuse {
  /** Its name in the answer cache. */
  readonly name: string;
  readonly answer: object;
  /** Adds headers that differ between requests. */
  readonly addHeaders?: (
    headers: Headers,
    request: Request,
    info: Deno.ServeHandlerInfo,
  ) => void;
}

/** Long enough to absorb bursts, too short to show an outdated candle. */
const FRESH_MS = 250;
const MAX_ANSWERS = 500;
/** Total size of all responses, in characters. */
const MAX_SIZE = 64e6;
/** Assumed size of entries without a known size, such as pages. */
const USUAL_SIZE = 64e3;

interface Entry {
  readonly answer: Promise<object>;
  /** The settled answer; unset while it is in progress. */
  made?: object;
  madeAt?: number;
  readonly freshMs: number;
  isRemade?: boolean;
}

export function createAnswerCache(now = () => performance.now()): AnswerCache {
  const entries = new LRUCache<string, Entry>({ max: MAX_ANSWERS, maxSize: MAX_SIZE });

  function keep(name: string, entry: Entry, size: number): void {
    entries.set(name, entry, { size });
  }

  /** Another entry than the one in progress, because sizes are fixed. */
  function keepMade(name: string, { answer, freshMs }: Entry, made: object): void {
    keep(name, { answer, made, madeAt: now(), freshMs }, sizeOf(made));
  }

  function add(name: string, entry: Entry): void {
    keep(name, entry, USUAL_SIZE);
    entry.answer.then(
      (made) => entries.peek(name) === entry && keepMade(name, entry, made),
      () => entries.peek(name) === entry && entries.delete(name),
    );
  }

  /** Requests during that time get the old answer. */
  function remake(name: string, old: Entry, entry: Entry): void {
    old.isRemade = true;
    entry.answer.then(
      (made) => keepMade(name, entry, made),
      () => entries.peek(name) === old && entries.delete(name),
    );
  }

  return {
    get<Answer extends object>(
      name: string,
      make: (old: Answer | undefined) => Promise<Answer>,
      { freshMs = FRESH_MS, staleMs = 0 } = {},
    ) {
      const known = entries.get(name);
      const old = known?.answer as Promise<Answer> | undefined;
      const age = known?.madeAt === undefined ? 0 : now() - known.madeAt;
      if (known && age < freshMs + staleMs) {
        if (age >= freshMs && !known.isRemade) {
          remake(name, known, { answer: old!.then(make), freshMs });
        }
        return old!;
      }
      const answer = old === undefined ? make(undefined) : old.then(make);
      add(name, { answer, freshMs });
      return answer;
    },
    findFresh(name) {
      const known = entries.get(name);
      const isFresh = known?.madeAt !== undefined && now() - known.madeAt < known.freshMs;
      return isFresh ? known.made : undefined;
    },
  };
}

function sizeOf(answer: object): number {
  if (!("body" in answer)) return USUAL_SIZE;
  const { body } = answer;
  const isKnown = typeof body === "string" || body instanceof Uint8Array;
  return isKnown ? Math.max(1, body.length) : USUAL_SIZE;
}
