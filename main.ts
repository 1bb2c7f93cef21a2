import { parseEnv } from "node:util";
import { migrationsFolder, vendorFolder } from "./fresh.config.ts";
import { createApp } from "./lib/app.ts";
import { readVendorManifest } from "./lib/build/vendor.ts";
import { composeWick } from "./lib/composition.ts";
import { parseConfig } from "./lib/config.ts";
import { describeError } from "./lib/core/errors.ts";
import { createLogger, printError } from "./lib/log.ts";

// The composition root. Imported (by `_fresh/server.js`, `serve.ts`, `dev.ts`) it is the server; run
// by itself it is the command line.
const isCommand = import.meta.main;
readEnvFile();
const env = Deno.env.toObject();

/** What is set in the environment, if to nothing, wins over the `.env` file of the working directory. */
function readEnvFile(): void {
  let text: string;
  try {
    text = Deno.readTextFileSync(".env");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    printError(`Cannot read .env: ${describeError(error)}`);
    Deno.exit(2);
  }
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (Deno.env.get(name) === undefined) Deno.env.set(name, value ?? "");
  }
}

function readConfig() {
  try {
    return parseConfig(env);
  } catch (error) {
    printError(describeError(error)); // there is no logger yet
    Deno.exit(2);
  }
}

export const config = readConfig();
const log = openLog();

function openLog() {
  const write = (line: string) => printError(line.trimEnd());
  try {
    return createLogger({
      ...config.log,
      ...isCommand && !env["LOG_LEVEL"] ? { level: "warn" } : {}, // a command tells by itself
      ...isCommand ? { write } : {},
    });
  } catch (error) {
    printError(`Cannot write LOG_FILE: ${describeError(error)}`);
    Deno.exit(2);
  }
}
const { plotly } = await readVendorManifest(vendorFolder).catch(() => ({ plotly: "" }));
/** Deno Deploy brings its own address, KV and crons. */
export const isHosted = env["DENO_DEPLOY"] === "true";
const wick = await composeWick({
  config,
  log,
  isHosted,
  migrations: migrationsFolder,
  plotlyHref: `${config.server.basePath}/vendor/${plotly}`,
});

export const app = createApp(wick.services, vendorFolder);

/** Aborts when the process has been asked to stop. */
const stop = new AbortController();
export const stopping = stop.signal;
/** Ends jobs, each after the page in hand, and closes everything. */
export const close = wick.close;

if (isCommand) {
  const { runCommand } = await import("./lib/cli/command.ts");
  Deno.exit(await runCommand(wick, Deno.args));
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => stop.abort(new Error(`received ${signal}`)));
}

stopping.addEventListener("abort", () => void wick.endStreams(), { once: true });

// On Deno Deploy every branch has its own crons; only production may spend the exchange's weight.
const isCollecting = !isHosted || env["DENO_TIMELINE"] === "production";
const cron = { backoffSchedule: [1_000, 5_000, 30_000], signal: stopping };
const { crons } = config;
const { schedule } = wick;
Deno.cron("collect", crons.collect, cron, () => isCollecting ? schedule.collect() : undefined);
Deno.cron("repair", crons.repair, cron, () => isCollecting ? schedule.repair() : undefined);
Deno.cron(
  "market-caps",
  crons.marketCaps,
  cron,
  () => isCollecting ? schedule.marketCaps() : undefined,
);

if (isCollecting) void wick.begin();
