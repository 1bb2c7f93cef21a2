import { type Series, seriesName } from "../../core/kline.ts";
import { DAY_MS } from "../../core/time.ts";
import type { FailingBoard, FailingSeries } from "../../ports/boards.ts";
import type { KvHandle } from "./kv.ts";

const PREFIX = ["exchange", "failing"];
/** Entries expire, so that series no longer collected leave none behind. */
const EXPIRE_MS = 7 * DAY_MS;
/** Far below the limit of a value. */
const MAX_MESSAGE = 500;

/** Failing series in KV; in memory when there is no KV. */
export function createFailingBoard({ kv }: KvHandle): FailingBoard {
  if (!kv) return createMemoryBoard();
  const keyOf = ({ symbol, interval }: Series) => [...PREFIX, symbol, interval];
  return {
    async list() {
      const entries = await Array.fromAsync(kv.list<FailingSeries>({ prefix: PREFIX }));
      return entries.map(({ value }) => value);
    },
    async write(entry) {
      const value = { ...entry, message: entry.message.slice(0, MAX_MESSAGE) };
      await kv.set(keyOf(entry), value, { expireIn: EXPIRE_MS });
    },
    async remove(series) {
      await kv.delete(keyOf(series));
    },
  };
}

function createMemoryBoard(): FailingBoard {
  const entries = new Map<string, FailingSeries>();
  return {
    list: () => Promise.resolve([...entries.values()]),
    write(entry) {
      entries.set(seriesName(entry), entry);
      return Promise.resolve();
    },
    remove(series) {
      entries.delete(seriesName(series));
      return Promise.resolve();
    },
  };
}
