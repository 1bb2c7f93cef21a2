import assert from "node:assert/strict";
import { startSimulator } from "../../../packages/simulator/simulator.ts";
import { symbolSelectionRule } from "../../core/symbol_selection.ts";
import { HOUR_MS, parseTime } from "../../core/time.ts";
import { createSymbolGroups } from "../../store/postgres/universe/symbol_groups_postgres.ts";
import { testJobs } from "../../testing/collector.ts";
import { manualClock } from "../../testing/clock.ts";
import { createTestDatabase, silent, testCluster } from "../../testing/database/postgres.ts";
import { createSymbolList } from "./symbol_list.ts";

const now = parseTime("2025-06-15T12:00Z");
const { signal } = new AbortController();

await testCluster();

async function scene() {
  const simulator = await startSimulator({ now, since: parseTime("2025-06-01"), frozen: true });
  const { db, close } = await createTestDatabase();
  const clock = manualClock(now);
  const lines: string[] = [];
  const jobs = testJobs(db, [simulator.url]);
  const groups = createSymbolGroups(db);
  return {
    simulator,
    db,
    clock,
    lines,
    groups,
    /** A list as another process would create it. */
    open: (text: string) =>
      createSymbolList({
        selection: symbolSelectionRule.parse(text),
        groups,
        store: jobs.store,
        openSource: () => jobs.openSource(),
        now: clock.now,
        log: { ...silent, info: (line) => void lines.push(line) },
      }),
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await close();
    },
  };
}

Deno.test("named symbols need neither exchange nor database", async () => {
  await using here = await scene();
  const list = here.open("BTCUSDT,NEWUSDT");
  assert.deepEqual(list.current(), ["BTCUSDT", "NEWUSDT"]);
  assert.deepEqual(await list.update(signal), ["BTCUSDT", "NEWUSDT"]);
  assert.equal(here.simulator.requests.list({}).length, 0);
});

Deno.test("a pattern selects from the exchange's list, and new members are logged once", async () => {
  await using here = await scene();
  const list = here.open("*USDT");
  assert.deepEqual(await list.read(), [], "nothing is known before the list was read");
  const symbols = await list.update(signal);
  assert.ok(symbols.includes("BTCUSDT") && symbols.length > 3, symbols.join());
  assert.ok(symbols.every((symbol) => symbol.endsWith("USDT")));
  assert.equal(here.lines.length, 1);
  assert.match(here.lines[0]!, /^Added to \*USDT of SYMBOLS: .*BTCUSDT/);
  await list.update(signal);
  assert.equal(here.lines.length, 1);
  assert.deepEqual(await here.open("*USDT").read(), symbols, "another process reads the same");
});

Deno.test("every group has volumes, once a day, so that lists begin with the most traded", async () => {
  await using here = await scene();
  const list = here.open("quote:USDT");
  await list.update(signal);
  await list.update(signal);
  assert.equal(here.simulator.requests.list({ path: "ticker/24hr" }).length, 1);
  const [row] = await here.db.query<{ ranked: number }>(
    "select count(*) as ranked from symbols where day_volume > 0",
  );
  assert.ok(row!.ranked > 3);
  const named = here.open("BTCUSDT,ETHUSDT");
  await named.update(signal);
  assert.equal(here.simulator.requests.list({ path: "ticker/24hr" }).length, 1);
});

Deno.test("a new listing joins a group, and a delisted member stays", async () => {
  await using here = await scene();
  const list = here.open("*USDT");
  const before = await list.update(signal);
  await here.db.query(
    `insert into symbols (symbol, base_asset, quote_asset, status)
     values ('NEWUSDT', 'NEW', 'USDT', 'TRADING'), ('DEADUSDT', 'DEAD', 'USDT', 'BREAK')`,
  );
  await here.db.query("update symbols set status = 'BREAK' where symbol = 'ETHUSDT'");
  here.clock.set(here.clock.now() + 60_000);
  const after = new Set(await list.read());
  assert.deepEqual([...after.difference(new Set(before))], ["NEWUSDT"]);
  assert.ok(after.has("ETHUSDT"));
});

Deno.test("top: ranks by volume in dollars, once a day, and never drops a member", async () => {
  await using here = await scene();
  const list = here.open("top:3");
  const first = await list.update(signal);
  assert.equal(first.length, 3);
  const asked = () => here.simulator.requests.list({ path: "ticker/24hr" }).length;
  assert.equal(asked(), 1);
  here.clock.set(here.clock.now() + 6 * HOUR_MS);
  await list.update(signal);
  assert.equal(asked(), 1);
  await here.db.query("update symbols set day_volume = 1e15 where symbol = 'DOGEUSDT'");
  await here.db.query("update symbols set day_volume = 0 where symbol = any($1)", [first]);
  const next = await list.update(signal);
  assert.deepEqual(new Set(next).intersection(new Set(first)).size, 3);
  assert.ok(next.includes("DOGEUSDT"));
  here.clock.set(here.clock.now() + 24 * HOUR_MS);
  await list.update(signal);
  assert.equal(asked(), 2);
});

Deno.test("while the exchange is unreachable a group has its stored members", async () => {
  await using here = await scene();
  const symbols = await here.open("quote:USDT").update(signal);
  await here.simulator.close();
  assert.deepEqual(await here.open("quote:USDT").update(signal), symbols);
});

Deno.test("a command's own selection is resolved in the same way, and adds no members", async () => {
  await using here = await scene();
  const list = here.open("BTCUSDT");
  assert.equal((await list.select(symbolSelectionRule.parse("top:2"), signal)).length, 2);
  assert.equal((await here.groups.read()).members.size, 0);
  const stored = await list.selectStored(symbolSelectionRule.parse("ETH*"));
  assert.ok(stored.has("ETHUSDT") && [...stored].every((symbol) => symbol.startsWith("ETH")));
});
