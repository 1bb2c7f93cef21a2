import { join } from "node:path";
import { requireDeno } from "./lib/build/deno_version.ts";
import { answerVersion } from "./lib/build/version_flag.ts";
import { type Config, parseConfig } from "./lib/config.ts";
import { describeError } from "./lib/core/errors.ts";
import { readEnvironment } from "./lib/env_file.ts";
import { launch } from "./lib/launch/launcher.ts";
import { printError, printLine } from "./lib/log.ts";

// `deno task demo`: wick on a simulated exchange, with its own data in a folder of DATA_DIR. It
// does not touch the operator's data: empty variables count as unset.
requireDeno(Deno.version.deno);
answerVersion(Deno.args);
const env = readEnvironment();
const dataDir = join(env["DATA_DIR"] || ".data", "demo");

/** Permissions of the simulator: it listens on this machine, and may replay a file. */
const SIMULATOR = ["--no-prompt", "--allow-env", "--allow-net", "--allow-read"];

const children: Deno.ChildProcess[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    end(signal);
    if (children.length < 2) Deno.exit(1); // otherwise wick's end also ends this process
  });
}
const simulator = new Deno.Command(Deno.execPath(), {
  args: ["run", ...SIMULATOR, "packages/simulator/main.ts", "--port", "0", ...Deno.args],
  stdout: "piped",
}).spawn();
children.push(simulator);
const { url, printed } = await firstUrl(simulator.stdout);
if (url === undefined) Deno.exit(await endWithoutUrl(printed));
printLine(`Simulated data are stored in ${dataDir}`);
const simulated = {
  DATA_DIR: dataDir,
  DATABASE_URL: "",
  DATABASE_READ_URL: "",
  PGHOST: "",
  PGHOSTADDR: "",
  PGSERVICE: "",
  KV_PATH: "",
  BINANCE_URLS: url,
  BINANCE_STREAM_URL: url.replace("http", "ws"),
  ARCHIVE_URL: url,
  COINGECKO_URL: url,
  MARKET_CAP_PROVIDER: "coingecko",
};
const wick = await launch({
  program: { name: "serve.ts", args: [] },
  config: readConfig({ ...env, ...simulated }),
  app: new URL("./", import.meta.url),
  home: env["HOME"],
  env: simulated,
});
children.push(wick);
const { code } = await wick.status;
end("SIGTERM");
await simulator.status;
Deno.exit(code);

function readConfig(own: Record<string, string>): Config {
  try {
    return parseConfig(own);
  } catch (error) {
    printError(describeError(error));
    end("SIGTERM");
    Deno.exit(2);
  }
}

function end(signal: Deno.Signal): void {
  for (const child of children) {
    try {
      child.kill(signal);
    } catch {
      // It has already ended.
    }
  }
}

/** `--help`, or arguments that the simulator rejects: it has printed the message itself. */
async function endWithoutUrl(printed: string): Promise<number> {
  printLine(printed.trimEnd());
  const { code } = await simulator.status;
  if (code !== 0) printError("Cannot start the demo: the simulated exchange did not start");
  return code;
}

/** Reads output up to the first URL in it, and discards the rest. */
async function firstUrl(
  output: ReadableStream<Uint8Array>,
): Promise<{ url: string | undefined; printed: string }> {
  const lines = output.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>);
  const reader = lines.getReader();
  let printed = "";
  while (true) {
    const { value, done } = await reader.read();
    if (done) return { url: undefined, printed };
    printed += value;
    const url = /^BINANCE_URLS=(https?:\/\/\S+)\n/m.exec(printed)?.[1];
    if (url === undefined) continue;
    reader.releaseLock();
    void lines.pipeTo(new WritableStream()).catch(() => {});
    return { url, printed };
  }
}
