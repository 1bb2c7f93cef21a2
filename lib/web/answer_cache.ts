import { LRUCache } from "lru-cache";

/** A finished answer: the bytes and what names them. */
export interface CachedAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** Answers to the requests of the last moment: whoever asks the same at the same time shares one. */
export interface AnswerCache {
  /** `make` runs unless an answer of this name is fresh or being made; its failure is not kept. */
  get(name: string, make: () => Promise<CachedAnswer>): Promise<CachedAnswer>;
}

/** Long enough to spare the database a crowd, too short for anyone to see an old candle. */
const FRESH_MS = 250;
const MAX_ANSWERS = 500;

export function createAnswerCache(): AnswerCache {
  const answers = new LRUCache<string, Promise<CachedAnswer>>({
    max: MAX_ANSWERS,
    ttl: FRESH_MS,
    ttlResolution: 0,
  });
  return {
    get(name, make) {
      const known = answers.get(name);
      if (known) return known;
      const answer = make();
      answers.set(name, answer);
      answer.catch(() => answers.delete(name));
      return answer;
    },
  };
}
