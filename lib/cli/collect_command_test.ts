import assert from "node:assert/strict";
import { startSimulator } from "../simulator/simulator.ts";
import { runMain } from "../testing/server_process.ts";
import { testCluster } from "../testing/postgres.ts";

await testCluster();
const simulator = await startSimulator({
  now: Date.UTC(2025, 5, 15, 10, 20, 30),
  since: Date.UTC(2025, 0, 1),
  frozen: true,
});
const dataDir = await Deno.makeTempDir({ prefix: "wick-cli-", dir: "/tmp" });
await Deno.chmod(dataDir, 0o755);
Deno.test.afterAll(async () => {
  await simulator.close();
  await Deno.remove(dataDir, { recursive: true });
});

const env = { DATA_DIR: dataDir, BINANCE_URLS: simulator.url };
const collect = (...args: string[]) => runMain(["collect", ...args], env);

Deno.test("collect --csv collects a range and writes the bytes of /export", async () => {
  const csv = `${dataDir}/out.csv`;
  const { code, out, err } = await collect(
    ...["--symbol", "BTCUSDT", "--interval", "4h"],
    ...["--from", "2025-03-01", "--to", "2025-03-02", "--csv", csv],
  );
  assert.equal(code, 0, err);
  assert.match(
    out,
    /^Fetched 6 closed candles in 3 requests .*: 6 new, 0 corrected, 0 unchanged\n/,
  );
  assert.match(out, /Wrote 6 candles to/);
  const lines = (await Deno.readTextFile(csv)).trimEnd().split("\n");
  assert.equal(lines.length, 7);
  const served = simulator.candles("BTCUSDT", "4h", {
    from: Date.UTC(2025, 2, 1),
    to: Date.UTC(2025, 2, 2),
  });
  assert.deepEqual(
    lines.slice(1).map((line) => line.split(",").slice(1, 6)),
    served.map((row) => row.slice(1, 6)),
  );
});

Deno.test("collect again finds everything unchanged; lists of symbols and intervals are allowed", async () => {
  const { code, out } = await collect("--symbol", "ETHUSDT,SOLUSDT", "--interval", "1h,1d");
  assert.equal(code, 0);
  assert.match(out, /: \d+ new, 0 corrected/);
  const again = await collect("--symbol", "ETHUSDT,SOLUSDT", "--interval", "1h,1d");
  assert.match(again.out, /: 0 new, 0 corrected, 4 unchanged/);
});

Deno.test("collect explains itself and refuses bad usage with one line and exit code 2", async () => {
  const help = await collect("--help");
  assert.equal(help.code, 0);
  assert.match(help.out, /--symbol LIST[\s\S]*Exit codes/);
  const cases: [string[], RegExp][] = [
    [["--interval", "7m"], /--interval: must be among 1s 1m/],
    [["--from", "yesterday"], /--from: must be epoch milliseconds/],
    [["--from", "2025-02-01", "--to", "2025-01-01"], /--from must lie before --to/],
    [["--to", "2025-01-01"], /--to needs --from/],
    [["--csv", "x.csv"], /--csv takes one series, not 30/],
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

Deno.test("collect that cannot says why and exits with 1", async () => {
  const unknown = await collect("--symbol", "NOPEUSDT", "--interval", "1h");
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /NOPEUSDT 1h: Cannot find symbol on Binance: NOPEUSDT/);
  simulator.faults.add({ kind: "451" });
  const blocked = await collect("--symbol", "BTCUSDT", "--interval", "1h");
  simulator.faults.clear();
  assert.equal(blocked.code, 1);
  assert.match(blocked.err, /HTTP 451/);
});

Deno.test("main.ts alone explains the commands; an unknown one is bad usage", async () => {
  const help = await runMain([], env);
  assert.equal(help.code, 0);
  assert.match(help.out, /collect/);
  const unknown = await runMain(["colect"], env);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /Unknown command colect/);
});
