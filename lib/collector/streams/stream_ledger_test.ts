import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS, parseTime, SECOND_MS } from "../../core/time.ts";
import type { Kline } from "../../core/kline.ts";
import { klineAt } from "../../testing/klines.ts";
import { type Overdue, StreamLedger } from "./stream_ledger.ts";

const open = parseTime("2025-06-15T10:20:00Z");
const series = { symbol: "BTCUSDT", interval: "1m" } as const;
const always = () => true;

/** A ledger in which the candle of 10:20 comes next, at the moment it closes. */
function scene() {
  const clock = { now: open + MINUTE_MS };
  let overdue: Overdue = { ...series, expected: open, isDoubted: false };
  const ledger = new StreamLedger(() => clock.now);
  ledger.add(series, open - MINUTE_MS, klineAt(open - MINUTE_MS, "1m"));
  return {
    clock,
    ledger,
    /** Judges the close of the candle that opens `minute` minutes after 10:20. */
    close(minute: number, change: Partial<Kline> = {}) {
      const kline = klineAt(open + minute * MINUTE_MS, "1m", change);
      const eventTime = open + (minute + 1) * MINUTE_MS + 50;
      return ledger.judge({ ...series, kline, eventTime }).verdict;
    },
    due(): string[] {
      const due = ledger.takeDue(10, always);
      overdue = due[0] ?? overdue;
      return due.map(({ symbol, isDoubted }) => isDoubted ? `${symbol} in doubt` : symbol);
    },
    /** REST was asked, and the newest stored candle is that of the given minute. */
    asked(minute: number, outcome = {}) {
      const kline = klineAt(open + minute * MINUTE_MS, "1m");
      return ledger.asked(overdue, { openTime: kline.openTime, kline }, outcome);
    },
    /** REST, or the database, did not answer. */
    failed: (outcome = {}) => ledger.asked(overdue, undefined, { isFailed: true, ...outcome }),
  };
}

Deno.test("judge() takes closes in order, and no repeated or earlier one", () => {
  const { clock, close } = scene();
  clock.now += 5 * MINUTE_MS;
  assert.deepEqual([close(0), close(1), close(1), close(0), close(2)], [
    "take",
    "take",
    "repeat",
    "repeat",
    "take",
  ]);
});

Deno.test("judge() holds events that arrive out of order until REST has brought the missing one", () => {
  const { clock, ledger, close, due, asked } = scene();
  clock.now += 2 * MINUTE_MS;
  assert.deepEqual([close(1), close(2)], ["behind", "behind"]);
  assert.deepEqual(due(), ["BTCUSDT"], "its event is overdue");
  assert.deepEqual(due(), [], "REST is being asked");
  const held = asked(1).map((event) => ledger.judge(event).verdict);
  assert.deepEqual(held, ["repeat", "take"], "the first was brought by REST");
  assert.equal(close(2), "repeat");
  assert.equal(ledger.size, 1);
});

Deno.test("judge() refuses closes before their time, by the event's clock and by ours", () => {
  const { clock, ledger, close } = scene();
  const kline = klineAt(open, "1m");
  const early = ledger.judge({ ...series, kline, eventTime: open + MINUTE_MS - 1 });
  assert.equal(early.verdict, "early");
  assert.match(early.reason!, /before 2025-06-15T10:21/);
  clock.now = open + MINUTE_MS - 10 * SECOND_MS;
  assert.equal(close(0), "ahead");
  clock.now = open + MINUTE_MS + SECOND_MS;
  const event = { ...series, kline, eventTime: open + MINUTE_MS };
  assert.equal(ledger.judge(event, 10 * SECOND_MS).verdict, "ahead", "it arrived too early");
  clock.now = open + MINUTE_MS - SECOND_MS;
  assert.equal(close(0), "take", "clocks may differ by a second");
});

Deno.test("judge() ignores series that are not collected", () => {
  const { ledger } = scene();
  const kline = klineAt(open, "1m");
  const event = { symbol: "ETHUSDT", interval: "1m", kline, eventTime: open + HOUR_MS } as const;
  assert.equal(ledger.judge(event).verdict, "unknown");
});

Deno.test("a close that does not arrive is due ten seconds after the candle's end", () => {
  const { clock, ledger, close, due } = scene();
  clock.now += 9 * SECOND_MS;
  assert.deepEqual(due(), []);
  clock.now += SECOND_MS;
  assert.deepEqual(ledger.takeDue(10, () => false), [], "not while its connection is broken");
  assert.deepEqual(due(), ["BTCUSDT"]);
  assert.equal(close(0), "behind", "REST is being asked");
});

Deno.test("a symbol without trades is asked for every eight minutes at last, at once when it trades", () => {
  const { clock, close, due, asked } = scene();
  const pauses: number[] = [];
  for (let minute = 0, last = clock.now; pauses.length < 6; clock.now += SECOND_MS) {
    if (due().length === 0) continue;
    pauses.push(Math.floor((clock.now - last) / MINUTE_MS));
    last = clock.now;
    minute = Math.floor((clock.now - open) / MINUTE_MS) - 1;
    asked(minute);
  }
  assert.deepEqual(pauses, [0, 1, 2, 4, 8, 8]);
  const missing = Math.floor((clock.now - open) / MINUTE_MS) + 1;
  clock.now = open + (missing + 2) * MINUTE_MS;
  assert.equal(close(missing + 1), "behind");
  clock.now += 3 * SECOND_MS;
  assert.deepEqual(due(), ["BTCUSDT"]);
});

Deno.test("a halted symbol is asked for at growing intervals of up to an hour", () => {
  const { clock, due, asked } = scene();
  const times: number[] = [];
  for (; times.length < 10; clock.now += 10 * SECOND_MS) {
    if (due().length === 0) continue;
    times.push(clock.now);
    asked(-1);
  }
  const last = times.at(-1)! - times.at(-2)!;
  assert.ok(last >= HOUR_MS - MINUTE_MS && last <= HOUR_MS + MINUTE_MS, `${last / MINUTE_MS} min`);
});

Deno.test("after a failure REST is not asked for half a minute, whatever arrives", () => {
  const { clock, close, due, failed } = scene();
  clock.now += 10 * SECOND_MS;
  due();
  failed();
  clock.now = open + 2 * MINUTE_MS + SECOND_MS;
  assert.equal(close(1), "behind");
  clock.now += 3 * SECOND_MS;
  assert.deepEqual(due(), ["BTCUSDT"], "half a minute is over");
  failed({ byRest: false });
  assert.deepEqual(due(), [], "the database did not answer");
  clock.now += 30 * SECOND_MS;
  assert.deepEqual(due(), ["BTCUSDT"]);
});

Deno.test("a candle that could not be stored is expected again", () => {
  const { clock, ledger, close, due } = scene();
  assert.equal(close(0), "take");
  ledger.retract(series, open);
  clock.now += 3 * SECOND_MS;
  assert.deepEqual(due(), ["BTCUSDT in doubt"], "later candles may be stored");
});

const OTHER = { numberOfTrades: 1 };

Deno.test("a doubt is settled three seconds later, although the series goes on", () => {
  const { clock, close, due, asked } = scene();
  assert.equal(close(0), "take");
  clock.now = open + 2 * MINUTE_MS - SECOND_MS;
  assert.equal(close(0, OTHER), "doubtful");
  clock.now += 2 * SECOND_MS;
  assert.equal(close(1), "take");
  assert.deepEqual(due(), []);
  clock.now += SECOND_MS;
  assert.deepEqual(due(), ["BTCUSDT in doubt"]);
  asked(1);
  clock.now = open + 3 * MINUTE_MS + 9 * SECOND_MS;
  assert.deepEqual(due(), [], "it was settled");
});

Deno.test("a doubt stays while REST fails, and when it arises during the request", () => {
  const { clock, close, due, asked, failed, ledger } = scene();
  assert.equal(close(0), "take");
  assert.equal(close(0, OTHER), "doubtful");
  clock.now += 3 * SECOND_MS;
  due();
  failed();
  clock.now += 29 * SECOND_MS;
  assert.deepEqual(due(), []);
  clock.now += SECOND_MS;
  assert.deepEqual(due(), ["BTCUSDT in doubt"]);
  assert.equal(close(0, OTHER), "doubtful");
  asked(0);
  clock.now += 3 * SECOND_MS;
  assert.deepEqual(due(), ["BTCUSDT in doubt"], "the answer may be older than the doubt");
  ledger.retract(series, open);
  asked(0);
  clock.now += 3 * SECOND_MS;
  assert.deepEqual(due(), ["BTCUSDT in doubt"], "the candle was retracted during the request");
});

Deno.test("an event that arrived during a request is compared with the answer", () => {
  const { clock, ledger, close, due, asked } = scene();
  clock.now += 10 * SECOND_MS;
  due();
  assert.equal(close(0, OTHER), "behind");
  assert.deepEqual(asked(0).map((event) => ledger.judge(event).verdict), ["doubtful"]);
  clock.now += 3 * SECOND_MS;
  assert.deepEqual(due(), ["BTCUSDT in doubt"]);
});
