import { migrationsFolder, vendorFolder } from "./fresh.config.ts";
import { createApp } from "./lib/app.ts";
import { requireDeno } from "./lib/build/deno_version.ts";
import { readVendorManifest } from "./lib/build/vendor.ts";
import { answerVersion } from "./lib/build/version_flag.ts";
import { composeWick } from "./lib/composition/compose_wick.ts";
import { parseConfig } from "./lib/config.ts";
import { AppError, describeError } from "./lib/core/errors.ts";
import { readEnvironment } from "./lib/env_file.ts";
import { createLogger, printError } from "./lib/log.ts";
import { withServiceHost } from "./lib/pg_service.ts";
import { listenForStop } from "./lib/server/stop.ts";

// The composition root. Imported (by `_fresh/server.js`, `serve.ts`, `dev.ts`) it is the server;
// run directly it is the command line.
const isCommand = import.meta.main;
requireDeno(Deno.version.deno);
answerVersion(Deno.args);
/** Installed before anything slow, so that a signal during the start also ends the process. */
const stop = listenForStop({ print: printError });
/** Aborts when the process is asked to stop. */
export const stopping = stop.signal;
const env = readEnvironment();

function readConfig() {
  try {
    return parseConfig(withServiceHost(env));
  } catch (error) {
    printError(describeError(error)); // there is no logger yet
    Deno.exit(2);
  }
}

export const config = readConfig();
export const log = openLog();
stop.logTo(log);

function openLog() {
  const write = (line: string) => printError(line.trimEnd());
  try {
    return createLogger({
      ...config.log,
      // commands print their own messages
      ...isCommand && !env["LOG_LEVEL"] ? { level: "warn" } : {},
      ...isCommand ? { write } : {},
    });
  } catch (error) {
    printError(`Cannot write LOG_FILE: ${describeError(error)}`);
    Deno.exit(2);
  }
}
const { plotly } = await readVendorManifest(vendorFolder).catch(() => ({ plotly: "" }));
/** Deno Deploy has its own address, KV and crons. */
export const isHosted = env["DENO_DEPLOY"] === "true";
const wick = await compose();

async function compose() {
  try {
    return await composeWick({
      config,
      log,
      isHosted,
      isCommand,
      migrations: migrationsFolder,
      plotlyHref: `${config.server.basePath}/vendor/${plotly}`,
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    printError(describeError(error));
    Deno.exit(1);
  }
}

export const app = createApp(wick.services, vendorFolder);

stop.abandonWith(wick.abandon);

if (isCommand) {
  stop.closeWith(() => new Promise(() => {})); // commands end by their own signal, and close wick
  const isPatient = Deno.args[0] === "upgrade"; // a partial page is useless
  if (isPatient) stop.waitForClose();
  const { runCommand } = await import("./lib/cli/run_command.ts");
  Deno.exit(await runCommand(wick, Deno.args, { signal: stopping, isPatient }));
}

/** Closes everything; jobs finish their current batch. */
export const { close } = wick;
let drain = () => Promise.resolve();
/** Sets how the server stops accepting requests: `own` settles with the last one in progress. */
export function drainWith(own: () => Promise<void>): void {
  drain = own;
}
stop.closeWith(async () => {
  void wick.endStreams();
  await close(drain());
});

// On Deno Deploy every branch has its own crons; only production may use the exchange's weight.
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
