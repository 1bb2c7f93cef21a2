import { join } from "node:path";
import { freePort } from "../../store/cluster/embedded_place.ts";
import { getProgram, PGBOUNCER } from "../programs.ts";
import { waitFor } from "../server_process.ts";

/** A PgBouncer in transaction mode in front of a server. */
export interface PgBouncer {
  /** `host:port`. */
  readonly address: string;
  /** Its log, with a line for every client. */
  log(): string;
  close(): Promise<void>;
}

/** As root it runs as another user: it refuses to run as root. */
const ACCOUNT = "daemon";

/** Starts PgBouncer in front of the server of `serverUrl`; each database of it is there. */
export async function startPgBouncer(serverUrl: string, maxClients = 200): Promise<PgBouncer> {
  const { hostname, port, username, password } = new URL(serverUrl);
  const folder = await Deno.makeTempDir({ prefix: "wick-pgbouncer-", dir: "/tmp" });
  await Deno.chmod(folder, 0o755);
  const own = freePort();
  const file = join(folder, "pgbouncer.ini");
  await Deno.writeTextFile(
    file,
    `[databases]
* = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 6
max_client_conn = ${maxClients}
${Deno.uid() === 0 ? `user = ${ACCOUNT}` : ""}
`,
  );
  const child = new Deno.Command(getProgram(PGBOUNCER), {
    args: [file],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let logged = "";
  const drained = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) logged += text;
  })();
  const close = async () => {
    try {
      child.kill("SIGTERM");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended
    }
    await Promise.all([child.status, drained]);
    await Deno.remove(folder, { recursive: true });
  };
  try {
    await waitFor(() => logged.includes("process up"), 10_000);
  } catch {
    await close();
    throw new Error(`PgBouncer does not start: ${logged}`);
  }
  return { address: `127.0.0.1:${own}`, log: () => logged, close };
}
