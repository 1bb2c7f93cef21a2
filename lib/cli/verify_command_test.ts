import assert from "node:assert/strict";
import { HOUR_MS, parseTime } from "../core/time.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { executeTask } from "../testing/command.ts";
import { createTestDatabase } from "../testing/database/postgres.ts";

const { db, url, close } = await createTestDatabase();
const simulator = await startSimulator({
  now: parseTime("2025-06-15T10:20:30Z"),
  since: parseTime("2025-03-01"),
  frozen: true,
});
Deno.test.afterAll(async () => {
  await simulator.close();
  await close();
});
const task = (...args: string[]) =>
  executeTask({ DATABASE_URL: url, BINANCE_URLS: simulator.url }, args);
const BTC = ["--symbol", "BTCUSDT", "--interval", "1h"];
const at = (hour: string) => parseTime(`2025-05-10T${hour}:00Z`);

await task("collect", "--symbol", "BTCUSDT,ETHUSDT", "--interval", "1h,4h", "--from", "2025-03-01");

/** All state that a write would change. */
async function fingerprint(): Promise<unknown> {
  return await db.query(
    `select (select sum(version) from series) as versions, (select count(*) from klines) as rows,
       (select count(*) from gaps) as gaps, (select count(*) from runs) as runs,
       (select count(*) from kline_revisions) as revisions`,
  );
}

Deno.test("verify of an unchanged database finds no difference, exits with 0, and writes nothing", async () => {
  const before = await fingerprint();
  const { code, out, err } = await task("verify");
  assert.equal(code, 0, err + out);
  assert.match(out, /^Plan: 6,3\d\d candles in 8 requests, weight 16 at 6,000 a minute: under/);
  assert.match(out, /BTCUSDT 1h: 2554 candles compared, 0 differ, 0 missing here/);
  assert.match(out, /\n +4h = Σ 1h: 638 of 638\n/);
  assert.match(out, /All 6\d\d\d candles of 4 series match the exchange\n$/);
  assert.deepEqual(await fingerprint(), before);
});

Deno.test("verify prints differences digit by digit, gaps, and rows that the exchange lacks", async () => {
  simulator.revise({
    symbol: "BTCUSDT",
    interval: "1h",
    openTime: at("05"),
    change: { volume: "1.50000000" },
  });
  simulator.hide({ symbol: "BTCUSDT", interval: "1h", from: at("08"), to: at("10") });
  await db.query(
    `delete from klines where interval = '1h' and open_time in ($1, $2)
       and symbol_id = (select symbol_id from symbols where symbol = 'BTCUSDT')`,
    [new Date(at("14")), new Date(at("15"))],
  );
  await db.query(
    `update klines set close_price = close_price + 0.01, number_of_trades = 7
     where interval = '1h' and open_time = $1
       and symbol_id = (select symbol_id from symbols where symbol = 'BTCUSDT')`,
    [new Date(at("20"))],
  );
  const before = await fingerprint();
  const { code, out } = await task("verify", ...BTC);
  assert.equal(code, 1);
  assert.match(out, /BTCUSDT 1h: 2550 candles compared, 2 differ, 2 missing here, 2 absent at/);
  assert.match(
    out,
    /2025-05-10T05:00:00.000Z +volume +stored +\d+\.\d{8}\n +exchange 1\.50000000\n +\^/,
  );
  assert.match(out, /T20:00:00.000Z +close_price +stored .*\n +exchange .*\n +\^/);
  assert.match(out, /number_of_trades +stored +7\n/);
  assert.match(out, /T14:00:00.000Z to 2025-05-10T16:00:00.000Z +2 candles missing here/);
  assert.match(out, /T08:00:00.000Z to 2025-05-10T10:00:00.000Z +2 candles stored here/);
  assert.match(out, /1 of 1 series differ from the exchange\n$/);
  assert.deepEqual(await fingerprint(), before);

  const json = await task("verify", "--symbol", "BTCUSDT", "--json");
  assert.equal(json.code, 1);
  const { series } = JSON.parse(json.out);
  const [hours, fours] = series;
  assert.deepEqual([fours.differences, fours.missing, fours.surplus], [[], [], []]);
  assert.deepEqual(hours.missing, [at("14"), at("15")]);
  assert.deepEqual(hours.surplus, [at("08"), at("09")]);
  assert.deepEqual(
    hours.differences.map((one: { column: string }) => one.column),
    ["volume", "close_price", "number_of_trades"],
  );
  assert.equal(hours.differences[0].exchange, "1.50000000");
  // The changed hour is a part of a candle of four; the deleted ones are parts of another one.
  const { compared, equal, differing, differences, from } = fours.rollup;
  assert.deepEqual([from, compared, equal, differing], ["1h", 637, 636, 1]);
  assert.equal(differences[0].open_time, at("20"));
  assert.ok(
    differences[0].details.some((one: { column: string }) => one.column === "number_of_trades"),
  );
  const text = await task("verify", "--symbol", "BTCUSDT", "--interval", "4h");
  assert.match(text.out, /4h = Σ 1h: 636 of 637, 1 differ\n +2025-05-10T20:00:00.000Z +differs/);
  assert.match(text.out, /\n +number_of_trades: \d+, sum \d+\n/);
  assert.equal(text.code, 0, "the stored candles match the exchange");
});

Deno.test("verify respects --from and --to; an empty response is requested a second time", async () => {
  simulator.faults.add({ kind: "empty-page", count: 1, path: "klines" });
  const { code, out } = await task("verify", ...BTC, "--from", "2025-05-11");
  assert.equal(code, 0, out);
  assert.match(out, /BTCUSDT 1h: 850 candles compared, 0 differ/);
});

Deno.test("a pending gap fails verify, and a gap that the exchange has too does not", async () => {
  const ETH = ["--symbol", "ETHUSDT", "--interval", "4h"];
  const from = parseTime("2025-04-02");
  const gap = { symbol: "ETHUSDT", interval: "4h", from, to: from + 8 * HOUR_MS } as const;
  simulator.hide(gap);
  await db.query(
    `delete from klines where interval = '4h' and open_time >= $1 and open_time < $2
       and symbol_id = (select symbol_id from symbols where symbol = 'ETHUSDT')`,
    [new Date(gap.from), new Date(gap.to)],
  );
  const insert = (reason: string) =>
    db.query(
      `insert into gaps (symbol_id, interval, from_time, to_time, missing, class)
       select symbol_id, '4h', $1, $2, 2, $3 from symbols where symbol = 'ETHUSDT'
       on conflict (symbol_id, interval, from_time) do update set class = excluded.class`,
      [new Date(gap.from), new Date(gap.to), reason],
    );
  await insert("pending");
  const ours = await task("verify", ...ETH);
  assert.equal(ours.code, 1);
  assert.match(ours.out, /gap of 2 candles: pending/);
  await insert("exchange_outage");
  const theirs = await task("verify", ...ETH);
  assert.equal(theirs.code, 0, theirs.out);
  assert.match(theirs.out, /gap of 2 candles: exchange_outage/);
});

Deno.test("a failed verify prints the reason; series that are not stored are skipped", async () => {
  const unknown = await task("verify", "--symbol", "NOPEUSDT");
  assert.equal(unknown.code, 1);
  assert.equal(unknown.err, "Cannot find series NOPEUSDT: it is not stored here\n");
  simulator.faults.add({ kind: "451" });
  const blocked = await task("verify", ...BTC);
  simulator.faults.clear();
  assert.equal(blocked.code, 1);
  assert.match(blocked.err, /^Binance cannot be reached from here: .*HTTP 451[^\n]*\n$/);
});

Deno.test("status prints an aligned table, or the same data as one JSON document", async () => {
  const { code, out } = await task("status");
  assert.equal(code, 0);
  const [titles, ...lines] = out.trimEnd().split("\n");
  assert.match(titles!, /^symbol +interval +candles +first +last +current +gaps$/);
  assert.deepEqual(lines.map((line) => line.split(/ +/).slice(0, 2).join(" ")), [
    "BTCUSDT 1h",
    "BTCUSDT 4h",
    "ETHUSDT 1h",
    "ETHUSDT 4h",
  ]);
  assert.match(lines[0]!, / 2,55\d +2025-03-01 00:00 +2025-06-15 09:00 +stale, \d+ d old +-$/);
  assert.match(lines[3]!, /1 exchange_outage$/);
  const starts = [titles!, ...lines].map((line) => line.search(/first|2025/));
  assert.equal(new Set(starts).size, 1, "columns line up");
  const json = JSON.parse((await task("status", "--json", "--interval", "4h")).out);
  assert.deepEqual(Object.keys(json.series[0]), [
    "symbol",
    "interval",
    "rows",
    "imported",
    "first_open_time",
    "last_open_time",
    "holes",
    "freshness",
    "age_ms",
    "conflicts",
    "refused_files",
    "rollup",
  ]);
  assert.equal(json.series.length, 2);
  assert.equal((await task("status", "--symbol", "NOPEUSDT")).code, 1);
});
