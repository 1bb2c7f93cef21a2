import assert from "node:assert/strict";
import { createArchiveIndex } from "../../binance/archive_index.ts";
import { createArchive } from "../../binance/binance_archive.ts";
import { systemClock } from "../../clock.ts";
import type { Series } from "../../core/kline.ts";
import { parseTime, toIso } from "../../core/time.ts";
import type { SymbolLife } from "../../core/universe/symbol_record.ts";
import { createLifeStore } from "../../store/postgres/universe/lives_postgres.ts";
import { compareRows, storedRows } from "../../testing/collector.ts";
import { scene, served } from "../../testing/collector_scene.ts";
import { testCluster } from "../../testing/database/postgres.ts";
import { backfillAll } from "../backfill/backfill_job.ts";
import { runCollect } from "../jobs.ts";
import { createUniverseJob } from "./universe_job.ts";

await testCluster();
const signal = new AbortController().signal;
type Scene = Awaited<ReturnType<typeof scene>>;

const minute = (time: number | undefined) => time === undefined ? "open" : toIso(time).slice(0, 16);

function universeJob(
  { simulator, db, jobs }: Scene,
  limit?: number,
  { hasArchive = true } = {},
) {
  const http = { url: simulator.url, fetch, clock: systemClock };
  return createUniverseJob({
    ...jobs,
    lives: createLifeStore(db),
    archive: hasArchive
      ? { index: createArchiveIndex(http), files: createArchive(http) }
      : undefined,
    serverTime: () => simulator.clock.now(),
    ...limit === undefined ? {} : { limit },
  });
}

/** `SRMUSDT 2020-08-11T05:00 2022-11-28T09:00 exchange`, by symbol and time. */
async function livesOf({ db }: Scene): Promise<string[]> {
  const rows = await db.query<Record<string, number & string>>(
    `select symbol, listed_at, delisted_at, source from symbol_lives join symbols using (symbol_id)
     order by symbol, listed_at`,
  );
  return rows.map((row) =>
    [
      row["symbol"],
      minute(row["listed_at"]),
      minute(row["delisted_at"] ?? undefined),
      row["source"],
    ].join(" ")
  );
}

Deno.test("the universe has every life of every symbol, exact to the minute, and nothing to do again", async () => {
  await using here = await scene({
    symbols: ["BTCUSDT", "LUNAUSDT", "USDCUSDT", "SRMUSDT"],
    since: 0,
  });
  here.simulator.plant({
    symbol: "LENDBTC",
    lives: [{ from: parseTime("2019-02-01T08:31"), to: parseTime("2020-10-02T04:07") }],
  });
  const run = universeJob(here);
  await run(signal);
  assert.deepEqual(await livesOf(here), [
    "BTCUSDT 2017-08-17T04:00 open exchange",
    "LENDBTC 2019-02-01T08:31 2020-10-02T04:07 exchange",
    "LUNAUSDT 2020-08-21T10:00 2022-05-13T00:40 exchange",
    "LUNAUSDT 2022-05-31T06:00 open exchange",
    "SRMUSDT 2020-08-11T05:00 2022-11-28T09:00 exchange",
    "USDCUSDT 2018-12-15T03:00 2022-09-26T03:00 exchange",
    "USDCUSDT 2023-03-11T14:00 open exchange",
  ]);
  const asked = here.simulator.requests.list({}).length;
  await run(signal);
  assert.equal(here.simulator.requests.list({}).length, asked);
});

Deno.test("a symbol that only the archive has is found there, with its assets and dates", async () => {
  await using here = await scene({ symbols: ["BTCUSDT", "SRMUSDT", "LINKUSDT"], since: 0 });
  here.simulator.plant({
    symbol: "SRMBTC",
    lives: [
      { from: parseTime("2020-08-11T05:00"), to: parseTime("2021-02-10T09:00") },
      { from: parseTime("2021-05-20T05:00"), to: parseTime("2025-06-11T09:00") },
    ],
  });
  here.simulator.plant({ symbol: "ETHBTC", lives: [{ from: parseTime("2018-01-01") }] });
  here.simulator.removeSymbol("SRMBTC");
  await universeJob(here)(signal);
  assert.deepEqual((await livesOf(here)).filter((life) => life.startsWith("SRMBTC")), [
    "SRMBTC 2020-08-11T00:00 2021-02-11T00:00 archive",
    "SRMBTC 2021-05-20T00:00 2025-06-12T00:00 archive",
  ]);
  const [row] = await here.db.query<Record<string, string>>(
    "select base_asset, quote_asset, status from symbols where symbol = 'SRMBTC'",
  );
  assert.deepEqual(row, { base_asset: "SRM", quote_asset: "BTC", status: "REMOVED" });
});

Deno.test("listings and delistings that are seen change the universe, and each is recorded", async () => {
  await using here = await scene({
    symbols: ["BTCUSDT", "ETHUSDT"],
    since: parseTime("2024-01-01"),
  });
  const { simulator, db } = here;
  const run = universeJob(here);
  await run(signal);
  simulator.stopSymbol("ETHUSDT");
  simulator.plant({ symbol: "NEWUSDT", lives: [{ from: parseTime("2025-06-16T07:00") }] });
  simulator.clock.set(parseTime("2025-06-17T00:00:30Z"));
  await run(signal);
  assert.deepEqual(await livesOf(here), [
    "BTCUSDT 2024-01-01T00:00 open exchange",
    "ETHUSDT 2024-01-01T00:00 2025-06-15T10:21 exchange",
    "NEWUSDT 2025-06-16T07:00 open exchange",
  ]);
  const seen = () =>
    db.query<Record<string, string | number>>(
      `select symbol, old_status, s.status, s.seen_at from symbol_statuses s
       join symbols using (symbol_id) order by s.seen_at`,
    );
  assert.deepEqual(
    (await seen()).map(({ seen_at, ...row }) => [...Object.values(row), minute(seen_at as number)]),
    [
      ["ETHUSDT", "TRADING", "BREAK", "2025-06-17T00:00"],
    ],
  );

  simulator.resumeSymbol("ETHUSDT");
  simulator.clock.set(parseTime("2025-06-17T02:00:30Z"));
  await run(signal);
  assert.equal((await livesOf(here))[1], "ETHUSDT 2024-01-01T00:00 open exchange");
  assert.equal((await seen()).length, 2);
});

Deno.test("the universe is looked up in portions, and one failing symbol holds up no other", async () => {
  await using here = await scene({ symbols: ["ADAUSDT", "BNBUSDT", "BTCUSDT", "ETHUSDT"] });
  here.simulator.faults.add({ kind: "eleven-columns", symbol: "ADAUSDT" });
  const run = universeJob(here, 2);
  await run(signal);
  assert.equal((await livesOf(here)).length, 1);
  await run(signal);
  assert.equal((await livesOf(here)).length, 3);
  here.simulator.faults.clear();
  await run(signal);
  assert.equal((await livesOf(here)).length, 4);
});

Deno.test("a symbol that only the archive has is collected like any other", async () => {
  await using here = await scene({
    symbols: ["BTCUSDT", "SRMUSDT"],
    since: parseTime("2022-09-01"),
  });
  const { simulator, jobs, db } = here;
  const wanted: Series[] = [
    { symbol: "BTCUSDT", interval: "1d" },
    { symbol: "SRMUSDT", interval: "1d" },
    { symbol: "SRMUSDT", interval: "1h" },
  ];
  const expected = wanted.map((one) => served(simulator, one));
  simulator.removeSymbol("SRMUSDT");
  await universeJob(here)(signal);
  const { failures } = await runCollect(jobs, wanted, signal);
  assert.deepEqual([...failures.keys()], []);
  const http = { url: simulator.url, fetch, clock: systemClock };
  const backfill = {
    ...jobs,
    now: () => simulator.clock.now(),
    archive: createArchive(http),
    lives: createLifeStore(db),
  };
  await backfillAll(backfill, wanted, signal);
  for (const [i, one] of wanted.entries()) {
    assert.equal(compareRows(await storedRows(db, one), expected[i]!), "", one.interval);
  }
  const downloads = simulator.requests.list({ path: "/data/" }).length;
  await backfillAll(backfill, wanted, signal);
  assert.equal(simulator.requests.list({ path: "/data/" }).length, downloads);
});

Deno.test("without the archive, a symbol that the exchange has removed keeps its lives", async () => {
  await using here = await scene({ symbols: ["BTCUSDT", "LUNAUSDT"], since: 0 });
  const run = universeJob(here, undefined, { hasArchive: false });
  await run(signal);
  here.simulator.removeSymbol("LUNAUSDT");
  here.simulator.clock.set(parseTime("2025-06-15T12:00:30Z"));
  await run(signal);
  const kept = [
    "BTCUSDT 2017-08-17T04:00 open exchange",
    "LUNAUSDT 2020-08-21T10:00 2022-05-13T00:40 exchange",
    "LUNAUSDT 2022-05-31T06:00 2025-06-15T12:00 exchange",
  ];
  assert.deepEqual(await livesOf(here), kept);
  const asked = here.simulator.requests.list({}).length;
  await run(signal);
  assert.deepEqual(await livesOf(here), kept);
  assert.equal(here.simulator.requests.list({}).length, asked, "it is not looked up again");
});

Deno.test("a symbol that is listed again after it was in the archive only is backfilled by the API", async () => {
  await using here = await scene({ symbols: ["BTCUSDT"] });
  const series: Series = { symbol: "BTCUSDT", interval: "1h" };
  await runCollect(here.jobs, [series], signal);
  const life: SymbolLife = {
    listedAt: parseTime("2018-01-01"),
    delistedAt: parseTime("2019-01-01"),
    source: "archive",
    firstPrice: undefined,
    lastPrice: undefined,
  };
  const lives = { listArchived: () => Promise.resolve(new Map([["BTCUSDT", [life]]])) };
  await backfillAll({ ...here.jobs, lives }, [series], signal);
  assert.equal(compareRows(await storedRows(here.db, series), served(here.simulator, series)), "");
});
