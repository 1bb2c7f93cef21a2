import assert from "node:assert/strict";
import { AppError } from "../../core/errors.ts";
import { MINUTE_MS, parseTime } from "../../core/time.ts";
import { createKlineStore } from "../../store/postgres/writing/klines_postgres.ts";
import { testJobs } from "../../testing/collector.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../testing/klines.ts";
import { createTestDatabase } from "../../testing/database/postgres.ts";
import { StreamWriter } from "./stream_writer.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);
const signal = new AbortController().signal;
const from = parseTime("2024-01-01");
const minute = (count: number) => from + count * MINUTE_MS;

interface Options {
  readonly onAppend?: () => void;
  readonly onFinish?: () => Promise<void>;
  readonly since?: number;
  readonly now?: () => number;
}

/** A writer, and a series with candles of ten minutes. */
async function prepare(symbol: string, options: Options = {}) {
  const { onAppend, onFinish = async () => {}, since = 0, now = Date.now } = options;
  const series = { symbol, interval: "1m" } as const;
  const store = createKlineStore(db);
  const jobs = testJobs(db, []);
  await store.saveSymbols([marketSymbol(symbol)], from);
  await store.openAll([series]);
  await store.write(series, klinesFrom(from, "1m", 10), await jobs.runs.start("collect", "rest"));
  const writer = new StreamWriter({
    ...jobs,
    historySince: since,
    store: {
      ...store,
      append(candles, runId) {
        onAppend?.();
        return store.append(candles, runId);
      },
    },
    now,
    runs: {
      ...jobs.runs,
      async finish(runId, result) {
        await onFinish();
        await jobs.runs.finish(runId, result);
      },
    },
    simulated: () => undefined,
  });
  return {
    writer,
    take: (count: number) => writer.take({ ...series, kline: klineAt(minute(count), "1m") }),
    stored: async () =>
      (await store.read(series, { from, to: minute(60) })).map(({ openTime }) =>
        (openTime - from) / MINUTE_MS
      ),
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

Deno.test("a candle that arrives while the one before it is being stored is stored too", async () => {
  let arrive = () => {};
  const here = await prepare("AUSDT", { onAppend: () => arrive() });
  arrive = () => {
    arrive = () => {};
    here.take(11);
  };
  here.take(10);
  assert.deepEqual(await here.writer.flush(signal), []);
  assert.deepEqual(await here.stored(), upTo(12));
  await here.writer.close();
});

Deno.test("a streamed candle that opens before HISTORY_SINCE is not stored", async () => {
  const here = await prepare("BUSDT", { since: minute(10) + 1 });
  here.take(10);
  here.take(11);
  await here.writer.flush(signal);
  assert.deepEqual(await here.stored(), [...upTo(10), 11]);
  await here.writer.close();
});

Deno.test("a run that cannot be ended while the database is unavailable is ended later", async () => {
  let now = minute(0);
  let isDown = true;
  const here = await prepare("CUSDT", {
    now: () => now,
    onFinish: () =>
      isDown
        ? Promise.reject(new AppError("store_unavailable", "Cannot reach the database"))
        : Promise.resolve(),
  });
  const own = "select new, outcome from runs where job = 'stream' order by run_id desc limit 2";
  here.take(10);
  await here.writer.flush(signal);
  now = minute(11);
  here.take(11);
  await assert.rejects(here.writer.flush(signal), { code: "store_unavailable" });
  isDown = false;
  await here.writer.flush(signal);
  await here.writer.close();
  assert.deepEqual(await db.query(own), [{ new: 1, outcome: "done" }, { new: 1, outcome: "done" }]);
});
