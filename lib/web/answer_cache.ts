import { LRUCache } from "lru-cache";

/** A finished answer: the bytes and what names them. */
export interface CachedAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** Answers to the requests of the last moment: whoever asks the same at the same time shares one. */
export interface AnswerCache {
  /** `make` runs unless an answer of this name is fresh or being made; its failure is not kept. */
  get<Answer extends object = CachedAnswer>(
    name: string,
    make: () => Promise<Answer>,
  ): Promise<Answer>;
}

/** Long enough to spare the database a crowd, too short for anyone to see an old candle. */
const FRESH_MS = 250;
const MAX_ANSWERS = 500;

export function createAnswerCache(): AnswerCache {
  const answers = new LRUCache<string, Promise<object>>({ max: MAX_ANSWERS, ttlResolution: 0 });
  return {
    get<Answer extends object>(name: string, make: () => Promise<Answer>) {
      const known = answers.get(name);
      if (known) return known as Promise<Answer>;
      const answer = make();
      answers.set(name, answer); // however long it takes to make
      answer.then(
        () => answers.set(name, answer, { ttl: FRESH_MS }),
        () => answers.delete(name),
      );
      return answer;
    },
  };
}
