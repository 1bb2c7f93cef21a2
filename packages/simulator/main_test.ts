import assert from "node:assert/strict";
import { withSimulator } from "./testing/client.ts";

const MAIN = new URL("main.ts", import.meta.url).pathname;

function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...args],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Reads the process's output until its announcement. */
async function announced(process: Deno.ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of process.stdout.values({ preventCancel: true })) {
    text += new TextDecoder().decode(chunk);
    if (/\ncandles: .*\n/.test(text)) break;
  }
  return text;
}

Deno.test("main.ts announces its URLs, serves the same digits as any other process, and ends on SIGTERM", async () => {
  const now = "2024-05-15T10:20:30.400Z";
  const process = start("--port", "0", "--now", now, "--frozen");
  const text = await announced(process);
  const [, url] = /^BINANCE_URLS=(http:\/\/127\.0\.0\.1:\d+)$/m.exec(text)!;
  assert.match(text, new RegExp(`^COINGECKO_URL=${url}$`, "m"));
  assert.match(text, new RegExp(`^COINMARKETCAP_URL=${url}$`, "m"));
  assert.match(text, /^candles: seed 42$/m);
  await withSimulator({}, async ({ get }) => {
    const paths = [
      "/api/v3/klines?symbol=BTCUSDT&interval=1h&limit=1000",
      "/api/v3/klines?symbol=PEPEUSDT&interval=1m&limit=1000",
      "/api/v3/klines?symbol=DOGEUSDT&interval=1s&limit=100&startTime=1600000000000",
      "/api/v3/ticker/24hr",
      "/api/v3/coins/markets?vs_currency=usd",
      "/data/spot/monthly/klines/BTCUSDT/1d/BTCUSDT-1d-2024-01.zip.CHECKSUM",
    ];
    for (const path of paths) {
      assert.equal(await (await fetch(url + path)).text(), (await get(path)).text, path);
    }
  });
  process.kill("SIGTERM");
  const { code, signal } = await process.status;
  assert.deepEqual([code, signal], [0, null]);
  await process.stdout.cancel();
  await process.stderr.cancel();
});

Deno.test("main.ts prints help, and rejects invalid usage in one line with exit code 2", async () => {
  const help = await start("--help").output();
  assert.equal(help.code, 0);
  assert.match(new TextDecoder().decode(help.stdout), /--csv PATH/);
  const bad = [
    ["--port", "x"],
    ["--wat"],
    ["extra"],
    ["--now", "yesterday"],
    ["--since", ""],
    ["--csv", "/no/such/folder"],
  ];
  await Promise.all(bad.map(async (args) => {
    const { code, stdout, stderr } = await start(...args).output();
    const text = new TextDecoder().decode(stderr);
    assert.equal(code, 2, `${args}: ${text}`);
    assert.match(text, /^Cannot [^\n]+\n$/, String(args));
    assert.equal(stdout.length, 0);
  }));
});
