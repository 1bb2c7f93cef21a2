import assert from "node:assert/strict";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { browserTest, openBrowser } from "../lib/testing/browser/browser.ts";
import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { BASH, CURL, getProgram, type Program, programTest } from "../lib/testing/programs.ts";

// Names of downloaded files in common programs.
const { db, url, close } = await createTestDatabase();
const store = createKlineStore(db);
const symbols = ["BTCUSDT", "币安人生USDT", "ÄÖ.USDT"];
await store.saveSymbols(symbols.map((symbol) => marketSymbol(symbol)));
const run = await createRunLedger(db).start("test", "rest");
for (const symbol of symbols) {
  await store.write({ symbol, interval: "1h" }, klinesFrom("2024-01-01", "1h", 72), run);
}
const serverTime = Date.UTC(2024, 5);
const app = await createTestApp({ db, url, symbols, intervals: ["1h"], serverTime });
const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.handler);
const folder = await Deno.makeTempDir({ prefix: "wick-names-" });
Deno.test.afterAll(async () => {
  await server.shutdown();
  await app.close();
  await close();
  await Deno.remove(folder, { recursive: true });
});

const WAYS: readonly [string, string][] = [
  ["", "csv"],
  ["&format=binance", "csv"],
  ["&format=parquet", "parquet"],
  ["&archive=zip", "zip"],
];
const addressOf = (symbol: string, way: string) =>
  `http://127.0.0.1:${server.addr.port}/export?symbol=${
    encodeURIComponent(symbol)
  }&interval=1h${way}`;

const SHA256SUM: Program = {
  name: "sha256sum",
  commands: ["sha256sum"],
  probe: ["--version"],
  packages: ["coreutils"],
};

/** Runs the recipe of docs/exports.md. */
async function checkWithSha256sum(address: string, cwd: string): Promise<string> {
  const script = 'curl -sSfOJ "$1" && curl -sSf "$1&checksum=1" | sha256sum --check';
  const { success, stdout, stderr } = await new Deno.Command(getProgram(BASH), {
    args: ["-o", "pipefail", "-c", script, "recipe", address],
    cwd,
    env: { LC_ALL: "C.UTF-8" },
  }).output();
  assert.ok(success, `${address}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

const NEEDS = [BASH, CURL, SHA256SUM];
programTest(NEEDS, "curl stores an export under the name in its checksum line", async () => {
  for (const symbol of symbols) {
    for (const [way, extension] of WAYS) {
      const cwd = await Deno.makeTempDir({ dir: folder });
      const said = await checkWithSha256sum(addressOf(symbol, way), cwd);
      const [{ name }, ...others] = [...Deno.readDirSync(cwd)] as [Deno.DirEntry];
      assert.equal(name, `${symbol}-1h.${extension}`);
      assert.equal(said, `${name}: OK\n`);
      assert.deepEqual(others, []);
    }
  }
});

browserTest("Chromium stores an export under the same name", async () => {
  const browser = await openBrowser();
  const page = await browser.newPage();
  for (const symbol of symbols) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.goto(addressOf(symbol, "")).catch(() => "a download is no page"),
    ]);
    assert.equal(download.suggestedFilename(), `${symbol}-1h.csv`);
  }
  await browser.close();
});
