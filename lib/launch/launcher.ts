import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Config } from "../config.ts";
import { connectionLimits, readOpenFileLimit } from "../server/connection_limits.ts";
import { permissionFlags, type Permissions, permissionsOf, type Program } from "./permissions.ts";
import { clusterPermissions } from "./places.ts";

/** Runs a program of wick as a child process with only the permissions it needs. */
export interface Launch {
  readonly program: Program;
  readonly config: Config;
  /** The folder of the app. */
  readonly app: URL;
  /** `HOME` of this process. */
  readonly home: string | undefined;
  /** Further flags of `deno run`. */
  readonly flags?: readonly string[];
  /** Variables that replace this process's ones for the program. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the program with this process's standard streams. */
export async function launch(options: Launch): Promise<Deno.ChildProcess> {
  const { program, config, app, home, flags = [], env = {} } = options;
  const places = { app: fileURLToPath(app), home, cluster: clusterPermissions };
  const permissions = withRealPaths(permissionsOf(program, config, places));
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      ...permissionFlags(permissions),
      ...flags,
      fileURLToPath(new URL(program.name, app)),
      ...program.args,
    ],
    env: { ...env, ...program.name === "main.ts" ? {} : await limitOfConnections(config) },
  }).spawn();
}

/**
 * The program cannot read its own limit of open files: Deno allows reading /proc with --allow-all
 * only.
 */
async function limitOfConnections({ connections }: Config): Promise<Record<string, string>> {
  if (connections.total !== undefined) return {};
  const { total } = connectionLimits(connections, await readOpenFileLimit());
  return { LIMIT_CONNECTIONS_TOTAL: String(total) };
}

/** Deno checks the target of a link too, so both are granted. */
function withRealPaths(permissions: Permissions): Permissions {
  const both = (paths: readonly string[]) => [...new Set(paths.flatMap(withRealPath))];
  return { ...permissions, read: both(permissions.read), write: both(permissions.write) };
}

function withRealPath(path: string): string[] {
  try {
    return [path, realpathSync(path)];
  } catch {
    return [path]; // created later
  }
}

/** Lets a program exit before its watcher is told to. */
const CLOSE_MS = 5_000;

/**
 * Passes signals on to `child` and resolves with its exit code. A watcher outlives its program, and
 * exits on a second SIGINT.
 */
export async function followChild(child: Deno.ChildProcess, isWatched: boolean): Promise<number> {
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      kill(child, signal);
      if (isWatched) setTimeout(() => kill(child, "SIGINT"), CLOSE_MS);
    });
  }
  return (await child.status).code;
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has already exited.
  }
}

const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];
