import assert from "node:assert/strict";
import { endOf, shiftOpen } from "../../../core/interval.ts";
import { parseTime, toIso } from "../../../core/time.ts";
import { klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { createRollupLedger } from "./rollups_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);
const store = createKlineStore(db);
const ledger = createRollupLedger(db);
const run = await createRunLedger(db).start("test", "rest");
const from = parseTime("2024-01-01");
const dayAt = (day: number) => toIso(shiftOpen(from, "1d", day));

/** 120 days that are compared with minutes, in steps of 27: only the first minute was traded. */
async function prepare(symbol: string) {
  const days = klinesFrom(from, "1d", 121);
  const series = (interval: "1m" | "1d") => ({ symbol, interval }) as const;
  await store.saveSymbols([marketSymbol(symbol)]);
  for (const interval of ["1m", "1d"] as const) await store.openSeries(series(interval));
  const minutes = days.map((day) => ({ ...day, closeTime: endOf(day.openTime, "1m") - 1 }));
  await store.write(series("1m"), minutes, run);
  await store.write(series("1d"), days, run);
  await db.query("update gaps set class = 'exchange_outage'");
  while (await ledger.advance({ ...series("1d"), base: "1m" }));
  return {
    /** Changes a day as another program does, unnoticed. */
    spoil: (day: number, volume: string) =>
      db.query(
        `update klines set volume = $3 where interval = '1d' and open_time = $2
           and symbol_id = (select symbol_id from symbols where symbol = $1)`,
        [symbol, dayAt(day), volume],
      ),
    volume: (day: number) => days[day]!.volume,
    async differing(): Promise<number> {
      const proof = (await ledger.find(series("1d")))!;
      assert.deepEqual([proof.compared, proof.isSettled], [120, true]);
      return proof.differing;
    },
  };
}

Deno.test("recheck() compares a long pair again in steps, and begins again after the last", async () => {
  const own = await prepare("AUSDT");
  for (const day of [5, 60, 119]) await own.spoil(day, "0.1");
  const found: number[] = [];
  for (let step = 0; step < 5; step++) {
    await ledger.recheck();
    found.push(await own.differing());
  }
  assert.deepEqual(found, [1, 1, 2, 2, 3]);
  for (const day of [5, 60, 119]) await own.spoil(day, own.volume(day));
  await ledger.recheck();
  assert.equal(await own.differing(), 2);
  for (let step = 1; step < 5; step++) await ledger.recheck();
  assert.equal(await own.differing(), 0);
});

Deno.test("a stretch that cannot be compared holds up neither the next one nor other pairs", async () => {
  const bad = await prepare("BUSDT");
  const good = await prepare("CUSDT");
  for (const one of [bad, good]) for (const day of [5, 60]) await one.spoil(day, "0.1");
  await db.query(
    `alter table rollup_differences add check (open_time <> '${dayAt(5)}' or symbol_id <>
       (${await symbolId("BUSDT")}))`,
  );
  let failures = 0;
  for (let step = 0; step < 3 * 3; step++) {
    await ledger.recheck().catch((error) => {
      assert.match(error.message, /check constraint/);
      failures++;
    });
  }
  assert.deepEqual([await bad.differing(), await good.differing(), failures], [1, 2, 1]);
});

async function symbolId(symbol: string): Promise<number> {
  const [row] = await db.query<{ symbol_id: number }>(
    "select symbol_id from symbols where symbol = $1",
    [symbol],
  );
  return row!.symbol_id;
}
