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
   * `make` runs unless an answer of this name is fresh or being made; its failure is not kept. It is
   * handed the old answer, if there is one, and may find that it still holds. An answer is fresh for
   * `freshMs`; for `staleMs` more, requests get it while the new one is being made.
   */
  get<Answer extends object = CachedAnswer>(
    name: string,
    make: (old: Answer | undefined) => Promise<Answer>,
    lifetime?: { readonly freshMs?: number; readonly staleMs?: number },
  ): Promise<Answer>;
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
  /** Unset while the response is in progress. */
  madeAt?: number;
  isRemade?: boolean;
}

export function createAnswerCache(now = () => performance.now()): AnswerCache {
  const entries = new LRUCache<string, Entry>({ max: MAX_ANSWERS, maxSize: MAX_SIZE });

  function keep(name: string, entry: Entry, size: number): void {
    entries.set(name, entry, { size });
  }

  function add(name: string, answer: Promise<object>): void {
    const entry: Entry = { answer };
    keep(name, entry, USUAL_SIZE);
    answer.then(
      (made) => {
        if (entries.peek(name) !== entry) return;
        // another entry, because sizes are fixed
        keep(name, { answer, madeAt: now() }, sizeOf(made));
      },
      () => entries.peek(name) === entry && entries.delete(name),
    );
  }

  /** Requests during that time get the old answer. */
  function remake(name: string, old: Entry, made: Promise<object>): void {
    old.isRemade = true;
    made.then(
      (answer) => keep(name, { answer: Promise.resolve(answer), madeAt: now() }, sizeOf(answer)),
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
        if (age >= freshMs && !known.isRemade) remake(name, known, old!.then(make));
        return old!;
      }
      const answer = old === undefined ? make(undefined) : old.then(make);
      add(name, answer);
      return answer;
    },
  };
}

function sizeOf(answer: object): number {
  if (!("body" in answer)) return USUAL_SIZE;
  const { body } = answer;
  const isKnown = typeof body === "string" || body instanceof Uint8Array;
  return isKnown ? Math.max(1, body.length) : USUAL_SIZE;
}
