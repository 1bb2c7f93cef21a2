import { executeCommand } from "../cli/run_command.ts";
import { composeWick, type Wick } from "../composition/compose_wick.ts";
import { parseConfig } from "../config.ts";
import { silent } from "./postgres.ts";

/** What a command left behind. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs `deno task <args>` to its end, on a wick of its own as every process has one, but without the
 * start of a process. `env` names the database, the exchange, and whatever else matters; `change`
 * takes the place of parts.
 */
export async function executeTask(
  env: Record<string, string>,
  args: readonly string[],
  change: Partial<Wick> = {},
): Promise<CommandResult> {
  const wick = await composeWick({
    config: parseConfig({ KV_PATH: ":memory:", ...env }),
    log: silent,
    isHosted: false,
    migrations: new URL("../../migrations/", import.meta.url),
    plotlyHref: "",
  });
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
