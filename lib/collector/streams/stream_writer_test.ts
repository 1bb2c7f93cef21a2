import assert from "node:assert/strict";
import { AppError } from "../../core/errors.ts";
import { type Kline, type Series, seriesName } from "../../core/kline.ts";
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
  /** Called before candles are stored one by one. */
  readonly onWrite?: (series: Series, klines: readonly Kline[]) => void;
  readonly others?: readonly string[];
  readonly onFinish?: () => Promise<void>;
  readonly since?: number;
  readonly now?: () => number;
}

/** A writer, and a series with candles of ten minutes, or several. */
async function prepare(symbol: string, options: Options = {}) {
  const { onAppend, onWrite, onFinish = async () => {}, since = 0, now = Date.now } = options;
  const seriesOf = (name: string) => ({ symbol: name, interval: "1m" }) as const;
  const store = createKlineStore(db);
  const jobs = testJobs(db, []);
  for (const name of [symbol, ...options.others ?? []]) {
    const run = await jobs.runs.start("collect", "rest");
    await store.saveSymbols([marketSymbol(name)], from);
    await store.openAll([seriesOf(name)]);
    await store.write(seriesOf(name), klinesFrom(from, "1m", 10), run);
  }
  const refused: string[] = [];
  const writer = new StreamWriter({
    ...jobs,
    historySince: since,
    store: {
      ...store,
      append(candles, runId) {
        onAppend?.();
        return store.append(candles, runId);
      },
      async write(one, klines, runId) {
        onWrite?.(one, klines);
        return await store.write(one, klines, runId);
      },
    },
    now,
    onRefused: (one) =>
      refused.push(`${seriesName(one)} ${(one.kline.openTime - from) / MINUTE_MS}`),
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
    refused,
    take: (count: number, name = symbol) =>
      writer.take({ ...seriesOf(name), kline: klineAt(minute(count), "1m") }),
    stored: async (name = symbol) =>
      (await store.read(seriesOf(name), { from, to: minute(60) })).map(({ openTime }) =>
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
  await here.writer.flush(signal);
  assert.deepEqual(await here.stored(), upTo(12));
  assert.deepEqual(here.refused, []);
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

Deno.test("a candle that cannot be stored is reported at once; later ones of its series are dropped", async () => {
  let isDown = true;
  const here = await prepare("DUSDT", {
    others: ["EUSDT", "FUSDT"],
    onAppend() {
      throw new Error("duplicate key");
    },
    onWrite({ symbol }) {
      if (symbol === "DUSDT") throw new AppError("bad_payload", "Cannot trust klines");
      if (symbol === "EUSDT") throw new Error("numeric field overflow");
      if (isDown) throw new AppError("store_unavailable", "Cannot reach the database");
    },
  });
  for (const symbol of ["DUSDT", "EUSDT", "FUSDT"]) {
    here.take(10, symbol);
    here.take(11, symbol);
  }
  await assert.rejects(here.writer.flush(signal), { code: "store_unavailable" });
  assert.deepEqual(here.refused, ["DUSDT 1m 10", "EUSDT 1m 10"]);
  assert.equal(here.writer.waiting, 2);
  isDown = false;
  await here.writer.flush(signal);
  assert.deepEqual(await here.stored("DUSDT"), upTo(10));
  assert.deepEqual(await here.stored("FUSDT"), upTo(12));
  assert.equal(here.refused.length, 2);
  await here.writer.close();
});
