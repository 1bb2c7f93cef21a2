import { executeCommand } from "../cli/run_command.ts";
import { composeWick, type Wick } from "../composition/compose_wick.ts";
import { parseConfig } from "../config.ts";
import { silent } from "./database/postgres.ts";

/** Result of a command. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The composition of a command, with its settings. */
export function openTestWick(env: Record<string, string>): Promise<Wick> {
  return composeWick({
    config: parseConfig({ KV_PATH: ":memory:", ...env }),
    log: silent,
    isHosted: false,
    migrations: new URL("../../migrations/", import.meta.url),
    plotlyHref: "",
  });
}

/**
 * Runs `deno task <args>` in this process on a separate composition, without starting a process.
 * `env` contains the database, the exchange and other settings; `change` replaces parts.
 */
export async function executeTask(
  env: Record<string, string>,
  args: readonly string[],
  change: Partial<Wick> = {},
): Promise<CommandResult> {
  const wick = await openTestWick(env);
  let out = "";
  let err = "";
  try {
    const code = await executeCommand({ ...wick, ...change }, args, {
      out: (line) => out += `${line}\n`,
      err: (line) => err += `${line}\n`,
      signal: new AbortController().signal,
    });
    return { code, out, err };
  } finally {
    await wick.close();
  }
}
