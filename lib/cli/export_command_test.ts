import assert from "node:assert/strict";
import { parseTime } from "../core/time.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { executeTask, openTestWick } from "../testing/command.ts";
import { createTestDatabase } from "../testing/database/postgres.ts";
import { BASH, getProgram, programTest } from "../testing/programs.ts";
import { runMain } from "../testing/server_process.ts";
import { answerExport } from "../export/export_answer.ts";
import { openGate } from "../http/gate.ts";
import { parseExportQuery } from "../export/export_query.ts";

const { url, close } = await createTestDatabase();
const simulator = await startSimulator({
  now: parseTime("2025-06-15T10:20:30Z"),
  since: parseTime("2025-01-01"),
  frozen: true,
});
const folder = await Deno.makeTempDir({ prefix: "wick-export-" });
Deno.test.afterAll(async () => {
  await simulator.close();
  await close();
  await Deno.remove(folder, { recursive: true });
});

const env = { DATABASE_URL: url, BINANCE_URLS: simulator.url };
const task = (...args: string[]) => executeTask(env, args);
await task("collect", "--symbol", "ETHUSDT,BTCUSDT", "--interval", "4h,1d", "--from", "2025-01-01");
const ETH = ["--symbol", "ETHUSDT", "--interval", "4h"];

/** The response of `/export`. */
async function served(query: string): Promise<Uint8Array> {
  const wick = await openTestWick(env);
  try {
    const http = new Request(`http://wick/export?${query}`);
    const request = parseExportQuery(new URL(http.url).searchParams);
    return await (await answerExport(wick.services, request, http, () => openGate.enter("")))
      .bytes();
  } finally {
    await wick.close();
  }
}

Deno.test("export writes the bytes of /export in every format, completely or not at all", async () => {
  const cases: [string[], string][] = [
    [[], ""],
    [
      ["--from", "2025-02-01", "--to", "2025-03-01", "--time", "ms"],
      "&from=2025-02-01&to=2025-03-01&time=ms",
    ],
    [["--format", "ndjson"], "&format=ndjson"],
    [["--format", "json"], "&format=json"],
    [["--format", "binance"], "&format=binance"],
    [["--format", "parquet"], "&format=parquet"],
    [["--as-of", "2025-01-01"], "&as_of=2025-01-01"],
  ];
  for (const [flags, query] of cases) {
    const out = `${folder}/out`;
    const { code, out: said, err } = await task("export", ...ETH, ...flags, "--out", out);
    assert.equal(code, 0, err);
    assert.match(said, /^Wrote \d+ candles to \S+\n$/);
    const wanted = await served(`symbol=ETHUSDT&interval=4h${query}`);
    assert.ok(Buffer.from(wanted).equals(await Deno.readFile(out)), query);
  }
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["out"]);
});

Deno.test("export --rollup makes an interval that is not stored from a shorter one", async () => {
  const out = `${folder}/rollup.csv`;
  const half = ["--symbol", "ETHUSDT", "--interval", "12h"];
  const plain = await task("export", ...half, "--out", out);
  assert.equal(plain.code, 1);
  assert.match(plain.err, /ETHUSDT 12h/);
  const rolled = await task("export", ...half, "--rollup", "--out", out, "--json");
  assert.equal(rolled.code, 0, rolled.err);
  assert.equal(JSON.parse(rolled.out).next_cursor, null);
  const bytes = await Deno.readFile(out);
  assert.deepEqual(bytes, await served("symbol=ETHUSDT&interval=12h&rollup=1"));
  const none = await task(
    "export",
    "--symbol",
    "ETHUSDT",
    "--interval",
    "1h",
    "--rollup",
    "--out",
    out,
  );
  assert.deepEqual([none.code, await Deno.readFile(out)], [1, bytes]);
  assert.match(none.err, /^Cannot derive ETHUSDT 1h: .*no shorter interval/);
});

Deno.test("export accepts lists, prints the next cursor, and writes a checksum file that import accepts", async () => {
  const many = `${folder}/many.csv`;
  const lists = ["--symbol", "BTCUSDT,ETHUSDT", "--interval", "4h,1d"];
  const { code, out } = await task("export", ...lists, "--out", many, "--json");
  assert.equal(code, 0);
  const report = JSON.parse(out);
  assert.deepEqual(Object.keys(report), ["file", "rows", "gaps", "next_cursor"]);
  const wanted = await served("symbol=BTCUSDT,ETHUSDT&interval=4h,1d");
  assert.ok(Buffer.from(wanted).equals(await Deno.readFile(many)));
  const rest = await task(
    "export",
    ...lists,
    "--after",
    report.next_cursor,
    "--out",
    `${folder}/rest.csv`,
  );
  assert.match(rest.out, /^Wrote 0 candles/);

  const file = `${folder}/ETHUSDT-4h.csv`;
  await task("export", ...ETH, "--out", file, "--checksum");
  const again = await task("import", file);
  assert.equal(again.code, 0, again.err);
  assert.match(again.out, /0 new, 0 corrected, 9\d\d unchanged, 0 conflicts \(checksum matches\)/);
  await Deno.writeTextFile(
    file,
    (await Deno.readTextFile(file)).replace("2025-01-01", "2025-01-02"),
  );
  const bent = await task("import", file);
  assert.equal(bent.code, 1);
  assert.match(bent.err, /Cannot trust \S+ETHUSDT-4h.csv: its SHA-256 is/);
});

Deno.test("export rejects invalid usage, naming the flags", async () => {
  const cases: [string[], number, RegExp][] = [
    [[], 2, /^--symbol is missing\n$/],
    [["--symbol", "ETHUSDT"], 2, /^--interval is missing\n$/],
    [["--symbol", "ETHUSDT", "--interval", "7m"], 2, /^--interval is "7m": it must be one of 1s/],
    [[...ETH, "--from", "2025-02-01", "--to", "2025-01-01"], 2, /^--from /],
    [[...ETH, "--format", "xml"], 2, /^--format is "xml": it must be csv/],
    [[...ETH, "--as-of", "now"], 2, /^--as-of is "now"/],
    [
      ["--symbols", "universe", "--at", "2099-01-01", "--interval", "4h"],
      2,
      /^--at is 2099-01-01: it must not be after today/,
    ],
    [
      ["--symbol", "ETHUSDT", "--interval", "12h", "--rollup", "--as-of", "2025-02-01"],
      2,
      /^--as-of cannot be combined with rollup for ETHUSDT 12h/,
    ],
    [[...ETH, "--json"], 2, /^--json requires --out FILE/],
    [[...ETH, "--json", "--out", "-"], 2, /^--json requires --out FILE/],
    [[...ETH, "--checksum"], 2, /^--checksum requires --out FILE/],
    [["--lake", "-"], 2, /^--lake must be a folder/],
    [["--symbol", "NOPEUSDT", "--interval", "4h"], 1, /^Cannot export NOPEUSDT 4h/],
    [
      [...ETH, "--out", "/no/such/folder.csv"],
      1,
      /^Cannot write \/no\/such\/folder.csv: there is no folder \/no\/such\n$/,
    ],
    [[...ETH, "--out", folder], 1, /^Cannot write \S+: it is a folder\n$/],
    [[...ETH, "--out", "/dev/null/x.csv"], 1, /^Cannot write \S+: a part of the path is a file\n$/],
  ];
  for (const [flags, wanted, message] of cases) {
    const { code, out, err } = await task("export", ...flags);
    assert.equal(code, wanted, `${flags}: ${err}`);
    assert.match(err, message);
    assert.equal(err.trimEnd().split("\n").length, 1, err);
    if (!flags.includes("--json")) assert.equal(out, "");
  }
});

Deno.test("export to standard output writes candles only", async () => {
  const wanted = new TextDecoder().decode(await served("symbol=ETHUSDT&interval=4h"));
  for (const flags of [[], ["--out", "-"]]) {
    const { code, out, err } = await runMain(["export", ...ETH, ...flags], env);
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(out, wanted);
  }
  const csv = await runMain(["collect", ...ETH, "--from", "2025-01-01", "--csv", "-"], env);
  assert.equal(csv.code, 0, csv.err);
  assert.equal(csv.out, wanted);
  assert.match(csv.err, /^Plan: .*\nFetched .*\nWrote \d+ candles to standard output\n$/);
});

programTest([BASH], "export and status exit with 0 when their reader closes the pipe", async () => {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const pipe = (command: string) =>
    new Deno.Command(getProgram(BASH), {
      args: ["-c", `${command} | head -n 1; echo "code \${PIPESTATUS[0]}"`],
      env: { PGHOST: "", ...env },
    }).output();
  const deno = `"${Deno.execPath()}" run -A "${main}"`;
  for (const args of [`export ${ETH.join(" ")} --format ndjson`, "status"]) {
    const { stdout, stderr } = await pipe(`${deno} ${args}`);
    assert.match(new TextDecoder().decode(stdout), /^[^\n]+\ncode 0\n$/, args);
    assert.equal(new TextDecoder().decode(stderr), "", args);
  }
});
