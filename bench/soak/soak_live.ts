import { parseArgs } from "node:util";
import { printLine } from "../../lib/log.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { build, startServer } from "../../lib/testing/server_process.ts";
import { soakLive, type SoakReport } from "./soak_viewers.ts";

// deno run -A bench/soak/soak_live.ts [--viewers 500] [--minutes 5] [--breaks 3] [--stream]
// Viewers of one series at one server, all disconnected a few times, while the exchange's clock is
// accelerated: one minute candle every few seconds.
const { values } = parseArgs({
  options: {
    viewers: { type: "string", default: "500" },
    minutes: { type: "string", default: "5" },
    breaks: { type: "string", default: "3" },
    stream: { type: "boolean", default: false },
  },
});

await build();
const simulator = await startSimulator({ since: Date.now() - 2 * 86_400_000 });
const dataDir = await Deno.makeTempDir({ prefix: "wick-soak-", dir: "/tmp" });
await Deno.chmod(dataDir, 0o755);
const server = await startServer({
  DATA_DIR: dataDir,
  BINANCE_URLS: simulator.url,
  COINGECKO_URL: simulator.url,
  BINANCE_STREAM_URL: values.stream ? simulator.url.replace("http", "ws") : "off",
  SYMBOLS: "BTCUSDT",
  INTERVALS: "1m",
  CRON_COLLECT: "0 0 1 1 *", // closes are stored only because of viewers
  CRON_REPAIR: "0 0 1 1 *",
});
let report: SoakReport;
try {
  report = await soakLive({
    simulator,
    server,
    viewers: Number(values.viewers),
    durationMs: Number(values.minutes) * 60_000,
    breaks: Number(values.breaks),
    minuteTakesMs: 5_000,
    awaitsQuiet: true,
  });
} finally {
  await server.kill("SIGTERM");
  await simulator.close();
  await Deno.remove(dataDir, { recursive: true });
}
printLine(JSON.stringify(report, null, 2));
Deno.exit(report.problems.length === 0 ? 0 : 1);
