import assert from "node:assert/strict";
import { parseTime } from "../core/time.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { storedRows } from "../testing/collector.ts";
import { executeTask } from "../testing/command.ts";
import { createTestDatabase } from "../testing/database/postgres.ts";

const { db, url, close } = await createTestDatabase();
const simulator = await startSimulator({
  now: parseTime("2025-06-15T10:20:30Z"),
  since: parseTime("2025-01-01"),
  frozen: true,
});
const folder = await Deno.makeTempDir({ prefix: "wick-collect-" });
Deno.test.afterAll(async () => {
  await simulator.close();
  await close();
  await Deno.remove(folder, { recursive: true });
});

const env = { DATABASE_URL: url, BINANCE_URLS: simulator.url, ARCHIVE_URL: simulator.url };
const collect = (...args: string[]) => executeTask(env, ["collect", ...args]);
const MARCH = { from: parseTime("2025-03-01"), to: parseTime("2025-03-02") };
const march = ["--from", "2025-03-01", "--to", "2025-03-02"];

Deno.test("collect --csv prints an estimate, collects a range and writes the bytes of /export", async () => {
  const csv = `${folder}/out.csv`;
  const { code, out, err } = await collect(
    "--symbol",
    "BTCUSDT",
    "--interval",
    "4h",
    ...march,
    "--csv",
    csv,
  );
  assert.equal(code, 0, err);
  const [plan, fetched, wrote] = out.split("\n");
  assert.equal(
    plan,
    "Plan: 6 candles in 3 requests, weight 23 at 6,000 a minute: under a minute, " +
      "up to 1 MB on disk",
  );
  assert.equal(
    fetched,
    "Fetched 6 closed candles in 3 requests (weight 23): 6 new, 0 corrected, 0 unchanged",
  );
  assert.equal(wrote, `Wrote 6 candles to ${csv}`);
  const lines = (await Deno.readTextFile(csv)).trimEnd().split("\n");
  assert.equal(lines.length, 7);
  assert.deepEqual(
    lines.slice(1).map((line) => line.split(",").slice(1, 6)),
    simulator.candles("BTCUSDT", "4h", MARCH).map((row) => row.slice(1, 6)),
  );
  const unwritable = await collect(
    "--symbol",
    "BTCUSDT",
    "--interval",
    "4h",
    ...march,
    "--csv",
    "/no/such/folder.csv",
  );
  assert.equal(unwritable.code, 1);
  assert.match(unwritable.err, /^Cannot write \/no\/such\/folder.csv: [^\n]+\n$/);
});

Deno.test("a repeated collect finds everything unchanged; lists of symbols and intervals are accepted", async () => {
  const lists = ["--symbol", "ETHUSDT,SOLUSDT", "--interval", "1h,1d"];
  const { code, out } = await collect(...lists);
  assert.equal(code, 0);
  assert.match(out, /: \d+ new, 0 corrected/);
  const again = await collect(...lists);
  assert.match(again.out, /^Plan: 4 candles in 6 requests, /);
  assert.match(again.out, /: 0 new, 0 corrected, 4 unchanged/);
});

Deno.test("collect --dry-run sends no requests for candles; --json prints one document", async () => {
  simulator.requests.clear();
  const { code, out } = await collect(
    "--symbol",
    "XRPUSDT",
    "--interval",
    "1m",
    "--from",
    "2025-06-01",
    "--dry-run",
  );
  assert.equal(code, 0);
  assert.match(out, /^Plan: [\d,]+ candles in \d+ requests, .* on disk\n$/);
  assert.deepEqual(simulator.requests.list({ path: "klines" }), []);
  const json = await collect("--symbol", "XRPUSDT", "--interval", "1d", ...march, "--json");
  assert.equal(json.code, 0);
  const { plan, runs, failures, csv } = JSON.parse(json.out);
  assert.deepEqual([plan.rows, plan.requests, plan.weight], [1, 3, 23]);
  assert.deepEqual(runs, [{
    fetched: 1,
    new: 1,
    corrected: 0,
    unchanged: 0,
    conflicts: 0,
    requests: 3,
    weight: 23,
  }]);
  assert.deepEqual([failures, csv], [[], null]);
});

Deno.test("collect requests gaps a second time and prints their reason", async () => {
  const [from, to] = [parseTime("2025-03-10T04:00Z"), parseTime("2025-03-10T08:00Z")];
  simulator.hide({ symbol: "BNBUSDT", interval: "1h", from, to });
  await collect(
    "--symbol",
    "BNBUSDT",
    "--interval",
    "1h",
    "--from",
    "2025-03-10",
    "--to",
    "2025-03-11",
  );
  const gaps = await db.query(
    "select class, missing from gaps join symbols using (symbol_id) where symbol = 'BNBUSDT'",
  );
  assert.deepEqual(gaps, [{ class: "exchange_outage", missing: 4 }]);
});

Deno.test("collect --source archive uses files for missing candles, and the API for the rest", async () => {
  const args = ["--symbol", "ADAUSDT", "--interval", "1h", "--source", "archive"];
  const series = { symbol: "ADAUSDT", interval: "1h" } as const;
  simulator.faults.add({ kind: "wrong-checksum", path: "2025-02" });
  const { code, out, err } = await collect(...args);
  simulator.faults.clear();
  assert.equal(code, 0, err);
  assert.match(out, /^Plan: 3,9\d\d candles in 19 archive files and \d requests, weight/);
  assert.match(err, /^Requested from the API instead: ADAUSDT-1h-2025-02: Cannot trust [^\n]+\n$/);
  assert.deepEqual(
    await storedRows(db, series),
    simulator.candles("ADAUSDT", "1h").map((row) => row.slice(0, 11)),
  );
  const again = await collect(...args);
  assert.match(again.out, /^Plan: 0 candles in 2 requests, /, "nothing is missing");
  assert.match(again.out, /Fetched 0 closed candles/);
});

Deno.test("collect --source archive without an exchange stores archive candles and reports the failure", async () => {
  simulator.faults.add({ kind: "451", path: "/api/" });
  const { code, out, err } = await collect(
    "--symbol",
    "LINKUSDT",
    "--interval",
    "4h",
    "--source",
    "archive",
    "--from",
    "2025-04-01",
  );
  simulator.faults.clear();
  assert.equal(code, 1);
  assert.match(out, /Fetched \d+ closed candles in \d requests .*: 3\d\d new/);
  assert.match(err, /^[^\n]*HTTP 451[^\n]*\n$/);
  const [row] = await db.query<{ status: string }>(
    "select status from symbols where symbol = 'LINKUSDT'",
  );
  assert.equal(row!.status, "UNKNOWN");
  const off = await executeTask({ ...env, ARCHIVE_URL: "off" }, ["collect", "--source", "archive"]);
  assert.equal(off.code, 2);
  assert.match(off.err, /ARCHIVE_URL/);
});

Deno.test("collect and import stop before the first request when the disk is too small", async () => {
  const disk = { read: () => Promise.resolve({ folder: "/data", freeBytes: 70e6 }) };
  const big = ["collect", "--symbol", "DOGEUSDT", "--interval", "1m", "--from", "2025-01-01"];
  const { code, out, err } = await executeTask(env, big, { disk });
  assert.equal(code, 1);
  assert.match(out, /^Plan: 2\d\d,\d{3} candles in 2\d\d requests/);
  assert.equal(
    err,
    "Cannot store up to 46 MB of candles: the disk of /data has 70 MB free; 132 MB are " +
      "required, including the database's log\n",
  );
  const path = `${folder}/DOGEUSDT-1h.csv`;
  const line = "1735689600000,1,1,1,1,1,1735693199999,1,1,1,1,0\n";
  await Deno.writeTextFile(path, line.repeat(4_000_000 / line.length));
  const imported = await executeTask(env, ["import", path], { disk });
  assert.equal(imported.code, 1);
  assert.match(imported.err, /^Cannot store up to 7 MB of candles: [^\n]+\n$/);
  const small = ["collect", "--symbol", "DOGEUSDT", "--interval", "1d", ...march];
  assert.equal((await executeTask(env, small, { disk })).code, 0);
});

Deno.test("collect prints help, and rejects invalid usage in one line with exit code 2", async () => {
  const help = await collect("--help");
  assert.equal(help.code, 0);
  assert.match(help.out, /--symbol LIST[\s\S]*Exit codes/);
  const cases: [string[], RegExp][] = [
    [["--interval", "7m"], /--interval is "7m": it must be one of 1s, 1m/],
    [["--symbol", "btcusdt"], /--symbol is "btcusdt": it must be a symbol in capitals/],
    [["--symbol", "BTCUSDT,,ETHUSDT"], /--symbol is "BTCUSDT,,ETHUSDT": it has an empty item/],
    [["--from", "yesterday"], /--from is "yesterday": it must be epoch milliseconds/],
    [
      ["--from", "2025-02-01", "--to", "2025-01-01"],
      /--from is 2025-02-01T\S+: it must lie before to/,
    ],
    [["--to", "2025-01-01"], /--to needs --from/],
    [["--csv", "x.csv"], /--csv takes one series, not 30/],
    [["--source", "web"], /--source is "web": it must be rest or archive/],
    [["--symbl", "BTCUSDT"], /--symbl/],
    [["BTCUSDT"], /BTCUSDT/],
  ];
  for (const [args, message] of cases) {
    const { code, err, out } = await collect(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(err, message);
    assert.equal(err.trim().split("\n").length, 1, err);
    assert.equal(out, "");
  }
});

Deno.test("a failed collect prints the reason and exits with 1", async () => {
  const unknown = await collect("--symbol", "NOPEUSDT", "--interval", "1h");
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /NOPEUSDT 1h: Cannot find symbol on Binance: NOPEUSDT/);
  simulator.faults.add({ kind: "451" });
  const blocked = await collect("--symbol", "BTCUSDT", "--interval", "1h", "--json");
  simulator.faults.clear();
  assert.equal(blocked.code, 1);
  assert.match(blocked.err, /^[^\n]*HTTP 451[^\n]*\n$/);
  assert.equal(JSON.parse(blocked.out).error.code, "exchange_unavailable");
});
