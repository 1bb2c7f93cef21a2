import { parseArgs } from "node:util";
import { AppError } from "../../lib/core/errors.ts";
import { type EpochMs, parseTime } from "../../lib/core/time.ts";
import { FAULT_AREAS, type FaultKind } from "./faults/fault_kinds.ts";
import type { SimulatorOptions } from "./simulator.ts";

export const HELP =
  `Plays Binance, CoinGecko, CoinMarketCap and the candle archive on one local port.

deno run -A packages/simulator/main.ts [options]

  --port N           port, 9001 by default; 0: any
  --host NAME        address to listen on, 127.0.0.1 by default
  --seed N           seed of the generated candles, 42 by default
  --csv PATH         serve saved candles instead: a file SYMBOL-INTERVAL….csv or a folder of them;
                     may be repeated
  --now TIME         where the clock starts; the real time by default
  --frozen           the clock stands still
  --symbols A,B      the symbols to list; names that are not in the catalogue are made up
  --since TIME       no candles from before
  --no-outages       a grid without gaps
  --weight-limit N   request weight per minute and IP, 6000 by default
  --ban-after N      requests put up with after a 429 before a ban, 20 by default
  --simulated-bans   weights and bans go by the simulated clock instead of the real one
  --cache-mb N       memory for candles already computed, 256 by default
  --chaos RATE       random faults in that share of requests (0 to 1), of all transient kinds alike
  --help             this text

Times are epoch milliseconds or ISO 8601. What can be done while it runs: packages/simulator/README.md.
`;

/** What `--chaos` draws from: faults that go away when the request is made again. */
const TRANSIENT: readonly FaultKind[] = [
  ...["500", "502", "503", "-1001", "-1007", "-1008", "reset", "cut-body"] as const,
  ...["truncated-json", "malformed-json", "slow"] as const,
];

export interface Command {
  readonly options: SimulatorOptions;
  readonly chaosRate: number;
  readonly wantsHelp: boolean;
}

/** @throws {AppError} `invalid_input`, one line that names the option */
export function parseCommand(args: readonly string[]): Command {
  const values = parsed(args);
  const decimal = (name: "chaos") => values[name] === undefined ? 0 : rateOf(name, values[name]);
  const options: Record<string, unknown> = {
    port: integerOf("port", values.port ?? "9001", 65_535),
    hostname: values.host,
    seed: values.seed && integerOf("seed", values.seed),
    csv: values.csv,
    now: values.now && timeOf("now", values.now),
    frozen: values.frozen,
    symbols: values.symbols?.split(",").filter((symbol) => symbol !== ""),
    since: values.since && timeOf("since", values.since),
    outages: values["no-outages"] ? false : undefined,
    weightLimit: values["weight-limit"] && integerOf("weight-limit", values["weight-limit"]),
    banAfter: values["ban-after"] && integerOf("ban-after", values["ban-after"]),
    weightClock: values["simulated-bans"] ? "simulated" : undefined,
    cacheBytes: values["cache-mb"] && integerOf("cache-mb", values["cache-mb"]) * 1024 * 1024,
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    options: Object.fromEntries(given),
    chaosRate: decimal("chaos"),
    wantsHelp: values.help ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        "port": { type: "string" },
        "host": { type: "string" },
        "seed": { type: "string" },
        "csv": { type: "string", multiple: true },
        "now": { type: "string" },
        "frozen": { type: "boolean" },
        "symbols": { type: "string" },
        "since": { type: "string" },
        "no-outages": { type: "boolean" },
        "weight-limit": { type: "string" },
        "ban-after": { type: "string" },
        "simulated-bans": { type: "boolean" },
        "cache-mb": { type: "string" },
        "chaos": { type: "string" },
        "help": { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const [line] = (error as Error).message.split("\n");
    throw new AppError("invalid_input", `Cannot read options: ${line}`);
  }
}

function integerOf(name: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw new AppError("invalid_input", `Cannot read --${name}: ${text} is no whole number in range`);
}

function rateOf(name: string, text: string): number {
  const value = Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new AppError("invalid_input", `Cannot read --${name}: ${text} is not between 0 and 1`);
}

function timeOf(name: string, text: string): EpochMs {
  try {
    return parseTime(text);
  } catch (error) {
    throw new AppError("invalid_input", `Cannot read --${name}: ${text}`, { cause: error });
  }
}

/** The same rate for every transient kind, together `rate`. */
export function transientRates(rate: number): Partial<Record<FaultKind, number>> {
  const kinds = TRANSIENT.filter((kind) => kind in FAULT_AREAS);
  return Object.fromEntries(kinds.map((kind) => [kind, rate / kinds.length]));
}
