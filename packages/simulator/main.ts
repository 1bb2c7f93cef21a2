import { AppError, describeError } from "../../lib/core/errors.ts";
import { HELP, parseCommand } from "./command_line.ts";
import { type Simulator, startSimulator } from "./simulator.ts";

/** Exit codes: 0 success, 1 failure, 2 invalid usage. */
if (import.meta.main) Deno.exitCode = await run(Deno.args);

async function run(args: readonly string[]): Promise<number> {
  try {
    const options = parseCommand(args);
    if (options === "help") {
      print(HELP);
      return 0;
    }
    const simulator = await startSimulator(options);
    print(announcement(simulator));
    await untilSignal();
    await simulator.close();
    return 0;
  } catch (error) {
    await Deno.stderr.write(new TextEncoder().encode(`${describeError(error)}\n`));
    return error instanceof AppError && error.code === "invalid_input" ? 2 : 1;
  }
}

/** The URLs as environment variables for `deno task start`. */
function announcement({ url, label }: Simulator): string {
  return `BINANCE_URLS=${url}
COINGECKO_URL=${url}
COINMARKETCAP_URL=${url}
ARCHIVE_URL=${url}
control: ${url}/_simulator/
candles: ${label}
`;
}

function untilSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGINT", resolve);
  Deno.addSignalListener("SIGTERM", resolve);
  return promise.finally(() => {
    Deno.removeSignalListener("SIGINT", resolve);
    Deno.removeSignalListener("SIGTERM", resolve);
  });
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
