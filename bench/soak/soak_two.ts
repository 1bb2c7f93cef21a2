import { runMain } from "../../lib/testing/server_process.ts";
import { createTestDatabase } from "../../lib/testing/database/postgres.ts";
import { type Check, insideBan, peakWeight } from "../check.ts";
import { spawnSimulator } from "../simulator_process.ts";

/** Low enough that two processes together reach it. */
const LIMIT = 300;
const BAN_S = 20;

/** Two processes that collect at the same time, on one KV, with a low limit and through a ban. */
export async function soakTwo(): Promise<Check[]> {
  const simulator = await spawnSimulator([
    "--now",
    "2026-06-01T10:20:30Z",
    "--frozen",
    "--no-outages",
    "--weight-limit",
    String(LIMIT),
  ]);
  const { url, close } = await createTestDatabase();
  const dataDir = await Deno.makeTempDir({ prefix: "wick-soak-", dir: "/tmp" });
  const env = { DATABASE_URL: url, DATA_DIR: dataDir, BINANCE_URLS: simulator.url };
  const collect = (symbol: string) =>
    runMain(["collect", "--symbol", symbol, "--interval", "1m", "--from", "2026-02-01"], env);
  await simulator.control("POST", "faults", {
    kind: "418",
    count: 1,
    skip: 60,
    path: "klines",
    retryAfterS: BAN_S,
  });
  const both = await Promise.all([collect("BTCUSDT"), collect("ETHUSDT")]);
  const requests = await simulator.requests();
  await simulator.stop();
  await close();
  await Deno.remove(dataDir, { recursive: true });
  const ban = requests.find(({ status }) => status === 418)!;
  const { underWay, late } = insideBan(requests, ban.at);
  const peak = peakWeight(requests);
  const limited = requests.filter(({ status }) => status === 429).length;
  return [
    {
      claim: `two processes together stay below ${LIMIT} in any 60 seconds`,
      isMet: peak <= LIMIT && limited === 0 && both.every(({ code }) => code === 0),
      found: `${peak} at most, ${requests.length} requests, ${limited} refused; ` +
        both.map(({ out, err }) => (out + err).trim()).join("; "),
    },
    {
      claim: "a ban received by one of them stops both",
      isMet: late === 0,
      found: `${late} requests inside it (${underWay} were under way when it was spoken)`,
    },
  ];
}
