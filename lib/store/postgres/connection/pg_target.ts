import { join } from "node:path";
import type { Environment } from "../../../pg_service.ts";
import { type PgParameters, readPgParameters, refusal } from "./pg_parameters.ts";
import { type Tls, tlsChoices } from "./pg_tls.ts";

/** One way to reach a server. */
export interface Candidate {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  /** Name for the certificate check, if it is not `host`. */
  readonly name: string | undefined;
  readonly tls: Tls;
}

/** The required kind of session among several servers. */
const SESSIONS = [
  "any",
  "read-write",
  "read-only",
  "primary",
  "standby",
  "prefer-standby",
] as const;
export type WantedSession = typeof SESSIONS[number];

/** The connection parameters of a database. */
export interface PgTarget {
  /** In order of preference. */
  readonly candidates: readonly Candidate[];
  readonly user: string;
  readonly database: string;
  readonly options: string | undefined;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  readonly isDirectTls: boolean;
  readonly channelBinding: "disable" | "prefer" | "require";
  readonly session: WantedSession;
  /** The password for a candidate; throws with advice when there is none. */
  password(candidate: Candidate): string;
}

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Determines how to connect: from the URL alone, or completed by libpq's variables, service and
 * password files as given by `env` (with `HOME` and `USER`).
 * @throws `store_unavailable` with the reason when parameters contradict each other or are
 * unsupported
 */
export function readPgTarget(url: string | undefined, env: Environment): PgTarget {
  const parameters = readPgParameters(url, env);
  const { values } = parameters;
  const user = values["user"] ?? (env["USER"] || env["USERNAME"] || "postgres");
  const database = values["dbname"] ?? user;
  const session = SESSIONS.find((one) => one === (values["target_session_attrs"] ?? "any"));
  if (session === undefined) {
    throw refusal(`target_session_attrs is not among ${SESSIONS.join(", ")}`);
  }
  const seconds = Number(values["connect_timeout"]);
  const binding = values["channel_binding"];
  return {
    candidates: listCandidates(parameters, env["HOME"] || undefined),
    user,
    database,
    options: values["options"],
    applicationName: values["application_name"] ?? "wick",
    connectTimeoutMs: seconds > 0 ? Math.max(seconds, 2) * 1_000 : CONNECT_TIMEOUT_MS,
    isDirectTls: values["sslnegotiation"] === "direct",
    channelBinding: binding === "require" || binding === "disable" ? binding : "prefer",
    session,
    password(candidate) {
      const known = values["password"] ?? readPassword(candidate, { user, database }, values, env);
      if (known !== undefined) return known;
      throw refusal(
        `the server requires a password for user "${user}", and none is set; put it into ` +
          "DATABASE_URL, PGPASSWORD or a password file that others cannot read (chmod 600)",
      );
    },
  };
}

function listCandidates(parameters: PgParameters, home: string | undefined): Candidate[] {
  const { values } = parameters;
  const names = values["host"]?.split(",") ?? [];
  const addresses = values["hostaddr"]?.split(",") ?? [];
  const ports = values["port"]?.split(",") ?? [];
  const count = Math.max(names.length, addresses.length, 1);
  if ((names.length > 0 && addresses.length > 0 && names.length !== addresses.length)) {
    throw refusal("host and hostaddr name different numbers of servers");
  }
  if (ports.length > 1 && ports.length !== count) {
    throw refusal(`there are ${ports.length} ports for ${count} servers`);
  }
  const choices = tlsChoices(parameters, home);
  const servers = Array.from({ length: count }, (_, i) => {
    const port = Number(ports.length > 1 ? ports[i] || 5432 : ports[0] || 5432);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw refusal(`port ${ports[i] ?? ports[0]} is not from 1 to 65535`);
    }
    const name = names[i] || undefined;
    return { host: addresses[i] || name || "localhost", port, name };
  });
  if (values["load_balance_hosts"] === "random") servers.sort(() => Math.random() - 0.5);
  return servers.flatMap((server) =>
    (server.host.startsWith("/") ? [false as const] : choices).map((tls) => ({ ...server, tls }))
  );
}

/** From libpq's password file: the first line whose fields match. */
function readPassword(
  { host, name, port }: Candidate,
  { user, database }: { user: string; database: string },
  values: PgParameters["values"],
  env: Environment,
): string | undefined {
  const path = values["passfile"] ?? (env["HOME"] ? join(env["HOME"], ".pgpass") : undefined);
  if (path === undefined) return undefined;
  let text: string;
  try {
    const { mode } = Deno.statSync(path);
    if (Deno.build.os !== "windows" && ((mode ?? 0) & 0o077) !== 0) return undefined; // as libpq
    text = Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
  const wanted = [host.startsWith("/") ? "localhost" : name ?? host, `${port}`, database, user];
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) continue;
    const fields = line.match(/(?:\\.|[^:\\])*(?::|$)/g)?.map((field) => field.replace(/:$/, ""));
    if (fields === undefined || fields.length < 5) continue;
    const isMatch = wanted.every((value, i) => fields[i] === "*" || unescape(fields[i]!) === value);
    if (isMatch) return unescape(fields[4]!);
  }
  return undefined;
}

const unescape = (field: string) => field.replace(/\\(.)/g, "$1");
