import * as util from "node:util";
import { describeError } from "./core/errors.ts";
import { printError } from "./log.ts";

/**
 * The environment, completed by the `.env` file of the working directory. A variable that is set in
 * the environment, even to nothing, wins. Drivers that read the environment themselves see the
 * same.
 */
export function readEnvironment(): Record<string, string> {
  for (const [name, value] of Object.entries(util.parseEnv(readEnvFile()))) {
    if (Deno.env.get(name) === undefined) Deno.env.set(name, value ?? "");
  }
  return Deno.env.toObject();
}

function readEnvFile(): string {
  try {
    return Deno.readTextFileSync(".env").replace(/^\uFEFF/, ""); // Windows editors add the mark
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    printError(`Cannot read .env: ${describeError(error)}`);
    Deno.exit(2);
  }
}
