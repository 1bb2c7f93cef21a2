import assert from "node:assert/strict";
import { systemClock } from "../clock.ts";
import { AppError } from "../core/errors.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { openTimeOfRow, toRowText } from "../core/text/kline_row_text.ts";
import { HOUR_MS } from "../core/time.ts";
import type { Leases } from "../ports/boards.ts";
import type { Clock } from "../ports/host.ts";
import type { KlineReader } from "../ports/kline_reader.ts";
import { createLeases } from "../store/kv/lease_kv.ts";
import { createLiveBoard } from "../store/kv/live_kv.ts";
import { klinesFrom } from "../testing/klines.ts";
import { manualLiveSource, movingAt, readEvents } from "../testing/live.ts";
import { silent } from "../testing/database/postgres.ts";
import { waitFor } from "../testing/server_process.ts";
import { createLiveHub } from "./hub.ts";

const series: Series = { symbol: "BTCUSDT", interval: "1h" };
const hours = klinesFrom("2024-01-01", "1h", 400);
const open = (i: number) => hours[i]!.openTime;

/** A clock twenty times faster than the machine's. */
function quickClock(): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * 20,
    sleep: (ms, signal) => systemClock.sleep(ms / 20, signal),
  };
}

/** Stored candles, and a hub that streams them. `exchange` holds the closed candles. */
async function scene(options: { kv?: Deno.Kv; stored?: number; market?: Error } = {}) {
  const stored: Kline[] = hours.slice(0, options.stored ?? 10);
  const closed: Kline[] = [...stored];
  const source = manualLiveSource();
  const kv = options.kv ? { kv: options.kv } : { error: "no KV in this test" };
  const reads: number[] = [];
  let refusals = 0;
  const clock = quickClock();
  const reader = {
    rowsAfter(_series: Series, after: number, limit: number) {
      reads.push(after);
      const rows = stored.filter((kline) => kline.openTime > after).slice(0, limit);
      return Promise.resolve(rows.map(toRowText));
    },
  } as Partial<KlineReader> as KlineReader;
  const leases: Leases = createLeases(kv, clock, silent);
  const hub = createLiveHub({
    source,
    reader,
    leases,
    clock,
    log: silent,
    board: createLiveBoard(kv, { isHosted: false, clock, log: silent }),
    serverTime: () => closed.at(-1)!.openTime + HOUR_MS,
    requireMarket() {
      if (options.market === undefined) return Promise.resolve();
      refusals++;
      return Promise.reject(options.market);
    },
    catchUp() {
      stored.push(...closed.slice(stored.length));
      return Promise.resolve(stored.at(-1)!.openTime);
    },
  });
  await Promise.resolve();
  return {
    hub,
    source,
    stored,
    closed,
    reads,
    refusals: () => refusals,
    view: (after?: number) =>
      readEvents(hub.stream(series, { closedTo: stored.at(-1)!.openTime, after })),
    [Symbol.asyncDispose]: () => hub.close(),
  };
}

Deno.test("an exchange of another market than the stored candles' is not followed", async () => {
  await using here = await scene({ market: new AppError("invalid_input", "another market") });
  here.source.show(movingAt(hours[10]!, 1));
  const viewer = here.view(open(8));
  assert.equal((await viewer.next())?.event, "close", "stored candles are replayed");
  await waitFor(() => here.refusals() >= 2);
  assert.equal(here.source.begun, 0);
});

Deno.test("a viewer gets each change of the open candle, and each close once, with its id", async () => {
  await using here = await scene();
  const viewer = here.view();
  here.source.show(movingAt(hours[10]!, 1));
  assert.deepEqual(await viewer.next(), {
    event: "tick",
    id: undefined,
    data: toRowText(movingAt(hours[10]!, 1)),
  });
  here.source.show(movingAt(hours[10]!, 1)); // unchanged: no event
  here.source.show(movingAt(hours[10]!, 2));
  assert.equal((await viewer.next())!.data, toRowText(movingAt(hours[10]!, 2)));
  for (const i of [10, 11, 12]) {
    here.closed.push(hours[i]!);
    here.source.show(hours[i]!, movingAt(hours[i + 1]!, 1));
    const timer = setInterval(() => here.source.show(hours[i]!, movingAt(hours[i + 1]!, 1)), 100);
    const close = await viewer.next("close");
    clearInterval(timer);
    assert.deepEqual(close, { event: "close", id: String(open(i)), data: toRowText(hours[i]!) });
  }
  await viewer.cancel();
});

Deno.test("a reconnecting viewer gets the closes strictly after its last one, in order", async () => {
  await using here = await scene({ stored: 390 });
  const viewer = here.view(open(3));
  for (let i = 4; i < 390; i++) {
    assert.equal((await viewer.next("close"))!.id, String(open(i)));
  }
  await viewer.cancel();
  const upToDate = here.view(open(389));
  here.source.show(hours[389]!, hours[390]!);
  assert.equal((await upToDate.next())!.event, "tick");
  await upToDate.cancel();
});

Deno.test("many viewers cause one upstream connection and one database read per close", async () => {
  await using here = await scene();
  const viewers = Array.from({ length: 100 }, () => here.view());
  here.source.show(hours[10]!);
  await Promise.all(viewers.map((viewer) => viewer.next("tick")));
  assert.equal(here.source.begun, 1);
  here.closed.push(hours[10]!);
  const timer = setInterval(() => here.source.show(hours[10]!, hours[11]!), 100);
  const closes = await Promise.all(viewers.map((viewer) => viewer.next("close")));
  clearInterval(timer);
  assert.deepEqual([...new Set(closes.map((close) => close!.id))], [String(open(10))]);
  assert.deepEqual(here.reads, [open(9)]);
  await Promise.all(viewers.map((viewer) => viewer.cancel()));
});

Deno.test("a viewer that does not read costs nothing and misses ticks, never closes", async () => {
  await using here = await scene();
  const slow = here.view();
  const quick = here.view();
  for (let trades = 1; trades <= 500; trades++) {
    here.source.show(movingAt(hours[10]!, trades));
    await quick.next("tick");
  }
  here.closed.push(...hours.slice(10, 14));
  const timer = setInterval(() => here.source.show(hours[13]!, hours[14]!), 100);
  for (let i = 10; i < 14; i++) assert.equal((await quick.next("close"))!.id, String(open(i)));
  clearInterval(timer);
  const seen: string[] = [];
  while (seen.at(-1) !== String(open(13))) seen.push((await slow.next())!.id ?? "tick");
  assert.ok(seen.filter((id) => id === "tick").length <= 3, seen.join());
  assert.deepEqual(
    seen.filter((id) => id !== "tick"),
    [10, 11, 12, 13].map((i) => String(open(i))),
  );
  await Promise.all([slow.cancel(), quick.cancel()]);
});

Deno.test("a series without viewers causes no requests; close() ends every stream", async () => {
  await using here = await scene();
  const viewers = [here.view(), here.view()];
  here.source.show(hours[10]!);
  await Promise.all(viewers.map((viewer) => viewer.next()));
  assert.equal(here.hub.viewers(), 2);
  await viewers[0]!.cancel();
  await viewers[1]!.cancel();
  assert.equal(here.hub.viewers(), 0);
  await waitFor(() => here.source.watchers === 0);
  const late = here.view();
  const end = late.next("close");
  await here.hub.close();
  assert.equal(await end, undefined);
  assert.equal(await here.view().next(), undefined);
});

Deno.test("two instances share one upstream connection, and the other takes over", async () => {
  const kv = await Deno.openKv(":memory:");
  {
    await using one = await scene({ kv });
    await using two = await scene({ kv });
    const [first, second] = [one.view(), two.view()];
    one.source.show(hours[10]!);
    two.source.show(hours[10]!);
    await first.next("tick");
    await second.next("tick");
    assert.equal(one.source.begun + two.source.begun, 1);
    const [leader, other] = one.source.begun === 1 ? [one, two] : [two, one];
    await leader.hub.close();
    await waitFor(() => other.source.begun === 1);
    await Promise.all([first.cancel(), second.cancel()]);
  }
  kv.close();
});

Deno.test("openRows() returns the candles after the stored ones, and keeps the series followed", async () => {
  await using here = await scene();
  here.source.show(hours[9]!, hours[10]!, movingAt(hours[11]!, 5));
  const rows = await here.hub.openRows(series, { closedTo: open(9) });
  assert.deepEqual(rows.map(openTimeOfRow), [open(10), open(11)], seriesName(series));
  assert.equal(here.source.watchers, 1);
});
