import type { ConnectionLimits } from "./connections.ts";

/**
 * Descriptors reserved for other uses: connections to the database, KV and log files, requests to
 * the exchange, served files, pending rejections.
 */
const RESERVED_FILES = 128;
/** Enough for all clients that one process can serve, with bounded memory. */
const MOST_CONNECTIONS = 10_000;
const FEWEST_CONNECTIONS = 16;
/** Many people share an address, but no single one needs a quarter of all connections. */
const CLIENT_SHARE = 4;
const MOST_PER_CLIENT = 1_000;

/** The configured limits; by default as many as `openFiles` allows. */
export function connectionLimits(
  set: { readonly total: number | undefined; readonly perClient: number | undefined },
  openFiles: number | undefined,
): ConnectionLimits {
  const room = (openFiles ?? Infinity) - RESERVED_FILES;
  const total = set.total ?? Math.min(MOST_CONNECTIONS, Math.max(FEWEST_CONNECTIONS, room));
  const share = Math.min(MOST_PER_CLIENT, Math.ceil(total / CLIENT_SHARE));
  return { total, perClient: set.perClient ?? share };
}

/** This process's limit of open files; `undefined` if the system does not report it. */
export async function readOpenFileLimit(): Promise<number | undefined> {
  if (Deno.build.os === "windows") return undefined;
  const text = Deno.build.os === "linux"
    ? await Deno.readTextFile(LIMITS).catch(askDeno).catch(() => "")
    : await outputOf("sh", ["-c", "ulimit -n"]).catch(() => "");
  const limit = Number(
    /^(?:Max open files\s+)?(\d+)/m.exec(text.slice(text.indexOf("Max open")))?.[1],
  );
  return limit > 0 ? limit : undefined;
}

const LIMITS = "/proc/self/limits";

/** Deno allows reading /proc with --allow-all only, which `deno eval` has. */
function askDeno(): Promise<string> {
  const script = `Deno.stdout.writeSync(Deno.readFileSync("${LIMITS}"))`;
  return outputOf(Deno.execPath(), ["eval", "--no-config", script]);
}

async function outputOf(program: string, args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}
