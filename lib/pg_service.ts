import { join } from "node:path";
import { AppError } from "./core/errors.ts";

/** Variables of an environment; an empty one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of a service by libpq's keywords: `host`, `dbname` … */
export type PgService = Readonly<Record<string, string>>;

/**
 * Reads a service of libpq's connection service file: `PGSERVICEFILE` or `~/.pg_service.conf`, then
 * `pg_service.conf` in `PGSYSCONFDIR`. `undefined` when no file defines it.
 * @throws `invalid_input` for a line that is not a setting
 */
export function readPgService(name: string, env: Environment): PgService | undefined {
  const own = env["PGSERVICEFILE"] || (env["HOME"] && join(env["HOME"], ".pg_service.conf"));
  const system = env["PGSYSCONFDIR"] && join(env["PGSYSCONFDIR"], "pg_service.conf");
  for (const path of [own, system]) {
    const found = path ? parseService(readText(path), name, path) : undefined;
    if (found) return found;
  }
  return undefined;
}

/**
 * `env` with the host of the service that `PGSERVICE` names, if nothing else names a server: the
 * database is then an external one.
 */
export function withServiceHost(env: Environment): Environment {
  const { DATABASE_URL, PGHOST, PGHOSTADDR, PGSERVICE } = env;
  if (DATABASE_URL || PGHOST || PGHOSTADDR || !PGSERVICE) return env;
  const service = readPgService(PGSERVICE, env);
  const host = service?.["host"] || service?.["hostaddr"];
  return host ? { ...env, PGHOST: host } : env;
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return ""; // like libpq: an unreadable file defines nothing
  }
}

function parseService(text: string, name: string, path: string): PgService | undefined {
  let found: Record<string, string> | undefined;
  let isInside = false;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      isInside = found === undefined && line === `[${name}]`;
      if (isInside) found = {};
      continue;
    }
    if (!isInside) continue;
    const at = line.indexOf("=");
    if (at < 1) {
      throw new AppError(
        "invalid_input",
        `Cannot read ${path}: line ${index + 1} is not a setting`,
      );
    }
    found![line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return found;
}
