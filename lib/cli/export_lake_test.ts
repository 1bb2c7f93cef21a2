import assert from "node:assert/strict";
import { parquetMetadata } from "hyparquet";
import { DAY_MS, parseTime } from "../core/time.ts";
import { shiftOpen } from "../core/interval.ts";
import { listParquet } from "../lake/lake_folder.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { executeTask } from "../testing/command.ts";
import { klinesFrom, marketSymbol } from "../testing/klines.ts";
import { createTestDatabase } from "../testing/database/postgres.ts";
import { BASH, getProgram, programTest, testUnless } from "../testing/programs.ts";
import { launch, runMain, waitFor } from "../testing/server_process.ts";
import { needsMount, withSmallDisk } from "../testing/database/small_disk.ts";

const { db, url, close } = await createTestDatabase();
const root = await Deno.makeTempDir({ prefix: "wick-lakes-" });
Deno.test.afterAll(async () => {
  await close();
  await Deno.remove(root, { recursive: true });
});

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const MONTHS = 24;
const store = createKlineStore(db);
const run = await createRunLedger(db).start("test", "rest");
await store.saveSymbols(SYMBOLS.map((symbol) => marketSymbol(symbol)));
for (const symbol of SYMBOLS) {
  for (let month = 0; month < MONTHS; month++) {
    const from = shiftOpen(parseTime("2022-01-01"), "1M", month);
    await store.write({ symbol, interval: "1m" }, klinesFrom(from, "1m", 50), run);
  }
}
const ROWS = SYMBOLS.length * MONTHS * 50;

const env = { DATABASE_URL: url, BINANCE_URLS: "http://127.0.0.1:9", KV_PATH: ":memory:" };
const task = (...args: string[]) => executeTask(env, ["export", ...args]);

Deno.test("export --lake writes, updates and verifies a folder", async () => {
  const folder = `${root}/first`;
  const written = await task("--lake", folder);
  assert.equal(written.err, "");
  assert.equal(
    written.out,
    `Wrote 48 files with 2,400 candles to ${folder}, removed 0: ` +
      "48 files with 2,400 candles of 2 series\n",
  );
  const again = await task("--lake", folder, "--json");
  assert.deepEqual(JSON.parse(again.out), {
    lake: folder,
    series: 2,
    files: 48,
    rows: ROWS,
    written_files: 0,
    written_rows: 0,
    written_bytes: 0,
    removed_files: 0,
    failed: [],
  });
  const verified = await task("--lake", folder, "--verify");
  assert.deepEqual(verified, {
    code: 0,
    out: "Verified 48 files with 2,400 candles: all match the manifest\n",
    err: "",
  });
  await Deno.remove(`${folder}/symbol=BTCUSDT/interval=1m/year=2022/2022-03.parquet`);
  const damaged = await task("--lake", folder, "--verify", "--json");
  assert.equal(damaged.code, 1);
  assert.deepEqual(JSON.parse(damaged.out).problems, [
    "symbol=BTCUSDT/interval=1m/year=2022/2022-03.parquet: missing",
  ]);
  const { err } = await task("--lake", folder, "--verify");
  assert.match(err, /^symbol=\S+: missing\nNot as in the manifest: 1 file of 48; .*\n$/);
  assert.match((await task("--lake", folder)).out, /^Wrote 1 file with 50 candles/);
});

Deno.test("export --lake takes symbols, patterns and intervals, and refuses other flags", async () => {
  const folder = `${root}/selected`;
  const { out } = await task("--lake", folder, "--symbol", "ETH*", "--interval", "1m,1h", "--json");
  assert.deepEqual([JSON.parse(out).series, JSON.parse(out).rows], [1, ROWS / 2]);
  const cases: [string[], number, RegExp][] = [
    [["--lake", ""], 2, /^--lake is "": it must be a file name\n$/],
    [["--verify"], 2, /^--lake is missing\n$/],
    [["--lake", folder, "--format", "csv"], 2, /^Unknown option '--format'/],
    [["--lake", folder, "--interval", "7m"], 2, /^--interval is "7m"/],
    [["--lake", folder, "--verify", "--symbol", "ETHUSDT"], 2, /^--symbol cannot be used with/],
    [["--lake", folder, "--symbol", "NOPEUSDT"], 1, /no selected series is stored\n$/],
    [["--lake", `${root}/none`, "--verify"], 1, /^Cannot verify \S+: it has no _manifest.json\n$/],
    [["--lake", "/proc/lake"], 1, /^Cannot write \/proc\/lake: /],
  ];
  for (const [flags, wanted, message] of cases) {
    const { code, err } = await task(...flags);
    assert.equal(code, wanted, `${flags}: ${err}`);
    assert.match(err, message);
  }
});

programTest([BASH], "sha256sum --check accepts _SHA256SUMS", async () => {
  const folder = `${root}/sums`;
  await task("--lake", folder);
  const { success, stdout } = await new Deno.Command(getProgram(BASH), {
    args: ["-c", "sha256sum --check _SHA256SUMS"],
    cwd: folder,
  }).output();
  assert.ok(success);
  assert.equal(new TextDecoder().decode(stdout).trim().split("\n").length, 48);
});

/** Every visible file is complete; returns their number. */
async function countReadable(folder: string): Promise<number> {
  let files = 0;
  for await (const path of listParquet(folder)) {
    const { num_rows } = parquetMetadata((await Deno.readFile(`${folder}/${path}`)).buffer);
    assert.ok(num_rows > 0n, path);
    files++;
  }
  return files;
}

Deno.test("a process that is killed leaves complete files, and the next run finishes the lake", async () => {
  const folder = `${root}/killed`;
  await Deno.mkdir(folder);
  const isWriting = async (count: number) => await countReadable(folder) >= count;
  const seen: number[] = [];
  for (const count of [0, 1, 9, 30]) {
    const child = launch({ env, args: ["main.ts", "export", "--lake", folder] });
    const lock = `${folder}/_lock`;
    await waitFor(() => Deno.stat(lock).then(() => isWriting(count), () => false), 20_000);
    child.signal("SIGKILL");
    await child.ended;
    seen.push(await countReadable(folder));
  }
  assert.ok(seen.some((count) => count > 0 && count < 48), `killed at ${seen}`);
  const { code, err } = await runMain(["export", "--lake", folder], env);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  assert.equal(await countReadable(folder), 48);
  assert.equal((await task("--lake", folder, "--verify")).code, 0);
  assert.match((await task("--lake", folder)).out, /^Wrote 0 files/);
});

testUnless(
  needsMount,
  "on a full disk the lake stays as it was, and free space lets the next run finish",
  () =>
    withSmallDisk(2, async (disk, fill) => {
      const folder = `${disk}/lake`;
      await task("--lake", folder);
      await fill();
      const minutes = klinesFrom(parseTime("2025-01-01") + DAY_MS, "1m", 1_500);
      await store.write({ symbol: "BTCUSDT", interval: "1m" }, minutes, run);
      const { code, err } = await task("--lake", folder);
      assert.equal(code, 1);
      assert.match(
        err,
        /^Cannot write \S+: no space is left .*; free some space, and run .* again\n$/,
      );
      assert.equal(await countReadable(folder), 48);
      assert.equal((await task("--lake", folder, "--verify")).code, 0);
      await Deno.remove(`${disk}/filling`);
      const next = await task("--lake", folder);
      assert.match(next.out, /^Wrote 1 file with 1,500 candles/, next.err);
      assert.equal((await task("--lake", folder, "--verify")).code, 0);
    }),
);
