import assert from "node:assert/strict";
import { parseTime } from "../core/time.ts";
import type { FaultKind } from "../../packages/simulator/faults/fault_kinds.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { storedRows } from "../testing/collector.ts";
import { executeTask } from "../testing/command.ts";
import { createTestDatabase } from "../testing/database/postgres.ts";

const { db, url, close } = await createTestDatabase();
const simulator = await startSimulator({ now: parseTime("2025-06-15T10:20:30Z"), frozen: true });
const task = (...args: string[]) =>
  executeTask({ DATABASE_URL: url, BINANCE_URLS: simulator.url }, args);
const folder = await Deno.makeTempDir({ prefix: "wick-import-" });
Deno.test.afterAll(async () => {
  await simulator.close();
  await close();
  await Deno.remove(folder, { recursive: true });
});

const importFiles = (...args: string[]) => task("import", ...args);

/** Downloads a file of the simulated archive and its checksum, as an operator would. */
async function download(name: string, fault?: FaultKind): Promise<string> {
  const [, symbol, interval, month, day] = /^(\w+)-(\w+)-(\d{4}-\d{2})(-\d{2})?$/.exec(name)!;
  const period = day === undefined ? "monthly" : "daily";
  const from = `${simulator.url}/data/spot/${period}/klines/${symbol}/${interval}/${name}.zip`;
  const to = `${await Deno.makeTempDir({ dir: folder })}/${name}.zip`;
  const id = fault && simulator.faults.add({ kind: fault });
  for (const end of ["", ".CHECKSUM"]) {
    const response = await fetch(from + end);
    const bytes = await response.bytes();
    if (response.ok) await Deno.writeFile(to + end, bytes);
  }
  if (id !== undefined) simulator.faults.remove(id);
  assert.ok(month);
  return to;
}

const served = (symbol: string, interval: "1h" | "1m" | "1d", from: string, to: string) =>
  simulator.candles(symbol, interval, { from: parseTime(from), to: parseTime(to) })
    .map((row) => row.slice(0, 11));

Deno.test("import stores a month and a day of the archive, in ms and µs, equal to the exchange's candles", async () => {
  const files = [
    await download("ETHUSDT-1h-2024-12"),
    await download("ETHUSDT-1h-2025-01", "header-line"),
    await download("ETHUSDT-1h-2025-02-01"),
  ];
  const { code, out, err } = await importFiles(...files);
  assert.equal(code, 0, err);
  assert.deepEqual(out.trim().split("\n"), [
    `${
      files[0]
    }: Binance archive, ETHUSDT 1h, 744 candles: 744 new, 0 corrected, 0 unchanged, 0 conflicts (checksum matches)`,
    `${
      files[1]
    }: Binance archive, ETHUSDT 1h, 744 candles: 744 new, 0 corrected, 0 unchanged, 0 conflicts (checksum matches)`,
    `${
      files[2]
    }: Binance archive, ETHUSDT 1h, 24 candles: 24 new, 0 corrected, 0 unchanged, 0 conflicts (checksum matches)`,
  ]);
  assert.deepEqual(
    await storedRows(db, { symbol: "ETHUSDT", interval: "1h" }),
    served("ETHUSDT", "1h", "2024-12-01", "2025-02-02"),
  );
  const sources = await db.query(
    `select source, count(*) as rows from klines join runs using (run_id)
     where run_id in (select run_id from runs where job = 'import') group by source order by 1`,
  );
  assert.deepEqual(sources, [{ source: "daily", rows: 24 }, { source: "monthly", rows: 1488 }]);
  assert.match((await importFiles(files[0]!)).out, /0 new, 0 corrected, 744 unchanged/);
});

Deno.test("import reports a missing checksum, and rejects a file whose checksum is wrong", async () => {
  const bare = await download("BNBUSDT-1h-2024-01", "missing-checksum");
  const wrong = await download("BNBUSDT-1h-2024-02", "wrong-checksum");
  const cut = await download("BNBUSDT-1h-2024-03", "cut-file");
  const broken = await download("BNBUSDT-1h-2024-04", "broken-zip");
  await Deno.writeTextFile(`${bare}.CHECKSUM.old`, "");
  const { code, out, err } = await importFiles(bare, wrong, cut, broken, `${folder}/none.zip`);
  assert.equal(code, 1);
  assert.match(out, /^\S+BNBUSDT-1h-2024-01.zip: .* 744 new, .*\(no checksum file\)\n$/);
  const lines = err.trim().split("\n");
  assert.equal(lines.length, 4, err);
  assert.match(
    lines[0]!,
    /Cannot trust \S+\/BNBUSDT-1h-2024-02.zip: its SHA-256 is \w{64}, not \w{64}/,
  );
  assert.match(lines[1]!, /Cannot trust \S+\/BNBUSDT-1h-2024-03.zip: its SHA-256 is/);
  assert.match(lines[2]!, /Cannot (unzip|read) \S+\/BNBUSDT-1h-2024-04/);
  assert.match(lines[3]!, /Cannot read \S+none.zip: no such file/);
  assert.equal((await storedRows(db, { symbol: "BNBUSDT", interval: "1h" })).length, 744);

  await Deno.remove(`${cut}.CHECKSUM`);
  const unchecked = await importFiles(cut);
  assert.equal(unchecked.code, 1);
  assert.match(
    unchecked.err,
    /Cannot unzip \S+BNBUSDT-1h-2024-03.zip: the zip is truncated or corrupt/,
  );
});

Deno.test("import keeps the API's candles: differing ones of a file are conflicts, recorded once", async () => {
  const range = ["--from", "2024-03-01", "--to", "2024-04-01"];
  await task("collect", "--symbol", "SOLUSDT", "--interval", "1h", ...range);
  const altered = await download("SOLUSDT-1h-2024-03", "altered-rows");
  for (let round = 0; round < 2; round++) {
    const { code, out } = await importFiles(altered);
    assert.equal(code, 0);
    assert.match(out, /744 candles: 0 new, 0 corrected, 669 unchanged, 75 conflicts/);
  }
  assert.deepEqual(
    await storedRows(db, { symbol: "SOLUSDT", interval: "1h" }),
    served("SOLUSDT", "1h", "2024-03-01", "2024-04-01"),
  );
  const [row] = await db.query<{ count: number }>("select count(*) from kline_conflicts");
  assert.equal(row!.count, 75);
});

Deno.test("the API corrects candles of a file, and the old version is kept", async () => {
  const altered = await download("XRPUSDT-1h-2024-03", "altered-rows");
  assert.match((await importFiles(altered)).out, /744 new/);
  const range = ["--from", "2024-03-01", "--to", "2024-04-01"];
  const { out } = await task(
    "collect",
    "--symbol",
    "XRPUSDT",
    "--interval",
    "1h",
    ...range,
  );
  assert.match(out, /0 new, 75 corrected, 669 unchanged/);
  assert.deepEqual(
    await storedRows(db, { symbol: "XRPUSDT", interval: "1h" }),
    served("XRPUSDT", "1h", "2024-03-01", "2024-04-01"),
  );
});

/** Lines in the archive's layout with the simulator's candles. */
function csv(symbol: string, from: string, count: number, width = 12): string[] {
  const start = parseTime(from);
  const rows = simulator.candles(symbol, "1h", { from: start, to: start + 2 * count * 3_600_000 });
  return rows.slice(0, count).map((row) => row.slice(0, width).join());
}

Deno.test("import reads wick's exports, and any file name with --symbol and --interval", async () => {
  const exported = `${folder}/ADAUSDT-1h.csv`;
  const range = ["--from", "2025-06-01", "--to", "2025-06-03"];
  const one = ["--symbol", "ADAUSDT", "--interval", "1h"];
  await task("collect", ...one, ...range, "--csv", exported);
  await db.query(
    "delete from klines where symbol_id = (select symbol_id from symbols where symbol = 'ADAUSDT')",
  );
  assert.match((await importFiles(exported)).out, /ADAUSDT 1h, 48 candles: 48 new/);
  assert.deepEqual(
    await storedRows(db, { symbol: "ADAUSDT", interval: "1h" }),
    served("ADAUSDT", "1h", "2025-06-01", "2025-06-03"),
  );
  const free = `${folder}/candles.csv`;
  await Deno.writeTextFile(free, csv("DOGEUSDT", "2025-06-15T00:00", 11).join("\n"));
  assert.equal((await importFiles(free)).code, 2);
  const { code, out } = await importFiles(free, "--symbol", "DOGEUSDT", "--interval", "1h");
  assert.equal(code, 0);
  assert.match(out, /10 candles: 10 new/, "the simulator serves closed candles only");
  const { code: other, err } = await importFiles(exported, "--symbol", "ETHUSDT");
  assert.equal(other, 2);
  assert.match(err, /Cannot import \S+ADAUSDT-1h.csv as ETHUSDT 1h: it is ADAUSDT 1h/);
});

Deno.test("import skips candles that are still open by the exchange's clock", async () => {
  const lines = csv("LINKUSDT", "2025-06-15T00:00", 10);
  const last = lines.at(-1)!.split(",");
  last[0] = String(Number(last[0]) + 3_600_000);
  last[6] = String(Number(last[6]) + 3_600_000);
  const path = `${folder}/LINKUSDT-1h.csv`;
  await Deno.writeTextFile(path, [...lines, last.join(), ""].join("\r\n"));
  assert.match((await importFiles(path)).out, /11 candles: 10 new, .* 1 not closed/);
});

Deno.test("import rejects invalid files completely", async () => {
  const good = csv("TRXUSDT", "2025-06-01", 30);
  const cases: [string, string, RegExp][] = [
    ["foreign", `time,open\n${good.join("\n")}`, /no column for high,low,close in its header line/],
    [
      "narrow",
      good.map((line) => line.slice(0, 30)).join("\n"),
      /rows have \d columns and no header line|no column for/,
    ],
    ["foreign header", `${"x,".repeat(11)}x\n${good.join("\n")}`, /no column for open_time,open/],
    ["binary", "\x00\x01\x02\n".repeat(9), /it is not text/],
  ];
  for (const [what, text, message] of cases) {
    const path = `${folder}/TRXUSDT-1h.csv`;
    await Deno.writeTextFile(path, text);
    const { code, out, err } = await importFiles(path);
    assert.equal(code, 1, what);
    assert.match(err, message, what);
    assert.equal(err.trim().split("\n").length, 1, err);
    assert.equal(out, "");
  }
  const wrongInterval = `${folder}/TRXUSDT-4h.csv`;
  await Deno.writeTextFile(wrongInterval, good.join("\n") + "\n");
  assert.match(
    (await importFiles(wrongInterval)).err,
    /candles are not 4h candles: .* lasts 60 min/,
  );
  const outside = `${folder}/TRXUSDT-1h-2025-05.csv`;
  await Deno.writeTextFile(outside, good.join("\n") + "\n");
  assert.match((await importFiles(outside)).err, /opens outside the file's period/);
  const [row] = await db.query<{ count: number }>(
    "select count(*) from candles where symbol = 'TRXUSDT'",
  );
  assert.equal(row!.count, 0);
});

Deno.test("import --json prints one document; import also works without an exchange", async () => {
  const path = await download("AVAXUSDT-1h-2024-03");
  const lonely = { DATABASE_URL: url, BINANCE_URLS: "http://127.0.0.1:9" };
  const { code, out, err } = await executeTask(lonely, [
    "import",
    path,
    `${folder}/gone-1h.csv`,
    "--json",
  ]);
  assert.equal(code, 1);
  assert.match(err, /^Cannot read \S+gone-1h.csv: no such file or folder\n$/);
  const { files } = JSON.parse(out);
  assert.deepEqual(files[0], {
    file: path,
    symbol: "AVAXUSDT",
    interval: "1h",
    checksum: "holds",
    source: "monthly",
    format: "Binance archive",
    imported: null,
    findings: [],
    rows: 744,
    new: 744,
    corrected: 0,
    unchanged: 0,
    conflicts: 0,
    before_history_since: 0,
    not_closed: 0,
    repeated: 0,
    left_out: [],
    overridden: [],
    error: null,
  });
  assert.equal(files[1].error.code, "not_found");
  const usage = await importFiles("--json");
  assert.equal(usage.code, 2);
  assert.equal(JSON.parse(usage.out).error.code, "invalid_input");
});
