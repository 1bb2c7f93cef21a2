import assert from "node:assert/strict";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { readEvents } from "../../lib/testing/live.ts";
import { makeScratchFolder } from "../../lib/testing/scratch_folder.ts";
import { build, startServer } from "../../lib/testing/server_process.ts";
import { soakLive } from "./soak_viewers.ts";

Deno.test("viewers get every close exactly once across a disconnect, with one upstream connection", async () => {
  await build();
  await using simulator = await startSimulator({ since: Date.now() - 86_400_000 });
  const dataDir = await makeScratchFolder("wick-soak-");
  const server = await startServer({
    DATA_DIR: dataDir,
    BINANCE_URLS: simulator.url,
    BINANCE_STREAM_URL: simulator.url.replace("http", "ws"),
    COINGECKO_URL: simulator.url,
    SYMBOLS: "BTCUSDT",
    INTERVALS: "1m",
    CRON_COLLECT: "0 0 1 1 *",
    CRON_REPAIR: "0 0 1 1 *",
  });
  try {
    const report = await soakLive({
      simulator,
      server,
      viewers: 20,
      durationMs: 4_000,
      breaks: 1,
      minuteTakesMs: 1_500,
      awaitsQuiet: false,
    });
    assert.deepEqual(report.problems, []);
    assert.ok(report.closes >= 3, String(report.closes));
    assert.equal(report.tickRequests, 0);
    assert.equal(simulator.streams.opened, 1);
    const { body } = await fetch(`${server.url}/api/live?symbol=BTCUSDT&interval=1m`);
    const last = readEvents(body!).next("close");
    const { code, ms } = await server.kill("SIGTERM");
    assert.equal(await last, undefined, "a stream ends as one that may be taken up again");
    assert.deepEqual([code, ms < 5_000], [0, true], `ended after ${ms} ms: ${server.output()}`);
  } finally {
    await server.kill("SIGKILL").catch(() => {});
    await Deno.remove(dataDir, { recursive: true });
  }
});
