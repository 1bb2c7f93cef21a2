import { parseArgs } from "node:util";
import { AppError } from "../../lib/core/errors.ts";
import { type EpochMs, parseTime } from "../../lib/core/time.ts";
import type { SimulatorOptions } from "./simulator.ts";

export const HELP =
  `Simulates Binance, CoinGecko, CoinMarketCap and the candle archive on one local port.

deno run -A packages/simulator/main.ts [options]

  --port N           port, 9001 by default; 0: any
  --csv PATH         serve saved candles instead of generated ones: a file SYMBOL-INTERVAL….csv
                     or a folder of them; may be repeated
  --now TIME         where the clock starts; the real time by default
  --frozen           the clock stands still
  --symbols A,B      the symbols to list; names that are not in the catalogue are invented
  --since TIME       no candles from before
  --no-outages       candles without gaps
  --plain            candles that cost little to compute, for thousands of symbols; without gaps
  --weight-limit N   request weight per minute and IP address, 6000 by default
  --cache-mb N       memory for computed candles, 256 by default
  --help             this text

Times are epoch milliseconds or ISO 8601. packages/simulator/README.md describes the control routes.
`;

/** @throws {AppError} `invalid_input`, one line that names the option */
export function parseCommand(args: readonly string[]): SimulatorOptions | "help" {
  const values = parsed(args);
  if (values.help) return "help";
  const options: Record<keyof SimulatorOptions, unknown> = {
    port: integerOf("port", values.port ?? "9001", 65_535),
    csv: values.csv,
    now: timeOf("now", values.now),
    frozen: values.frozen,
    symbols: values.symbols?.split(",").filter((symbol) => symbol !== ""),
    since: timeOf("since", values.since),
    outages: !values["no-outages"],
    plain: values.plain,
    weightLimit: integerOf("weight-limit", values["weight-limit"]),
    weightClock: undefined,
    cacheBytes: integerOf("cache-mb", values["cache-mb"], 1e6, 1024 * 1024),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        "port": { type: "string" },
        "csv": { type: "string", multiple: true },
        "now": { type: "string" },
        "frozen": { type: "boolean" },
        "symbols": { type: "string" },
        "since": { type: "string" },
        "no-outages": { type: "boolean" },
        "plain": { type: "boolean" },
        "weight-limit": { type: "string" },
        "cache-mb": { type: "string" },
        "help": { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const [line] = (error as Error).message.split("\n");
    throw new AppError("invalid_input", `Cannot read options: ${line}`);
  }
}

function integerOf(
  name: string,
  text: string | undefined,
  most = Number.MAX_SAFE_INTEGER,
  unit = 1,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value * unit;
  throw new AppError(
    "invalid_input",
    `Cannot read --${name}: "${text}" is not a whole number of at most ${most}`,
  );
}

function timeOf(name: string, text: string | undefined): EpochMs | undefined {
  if (text === undefined) return undefined;
  try {
    return parseTime(text);
  } catch (error) {
    throw new AppError("invalid_input", `Cannot read --${name}: "${text}"`, { cause: error });
  }
}
