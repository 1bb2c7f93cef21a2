import { AppError } from "../../../core/errors.ts";
import { type Environment, readPgService } from "../../../pg_service.ts";

/** Connection parameters by libpq's keywords. */
export interface PgParameters {
  readonly values: Readonly<Record<string, string>>;
  /** The URL takes precedence for TLS, and its `sslmode` checks certificates; see `tlsChoices`. */
  readonly isStrictTls: boolean;
}

/**
 * libpq's variables and their keywords. `PGTZ`, `PGDATESTYLE`, `PGCLIENTENCODING`: wick sets its
 * own.
 */
const VARIABLES: Readonly<Record<string, string>> = {
  PGHOST: "host",
  PGHOSTADDR: "hostaddr",
  PGPORT: "port",
  PGDATABASE: "dbname",
  PGUSER: "user",
  PGPASSWORD: "password",
  PGPASSFILE: "passfile",
  PGSERVICE: "service",
  PGOPTIONS: "options",
  PGAPPNAME: "application_name",
  PGCONNECT_TIMEOUT: "connect_timeout",
  PGTARGETSESSIONATTRS: "target_session_attrs",
  PGLOADBALANCEHOSTS: "load_balance_hosts",
  PGSSLMODE: "sslmode",
  PGSSLNEGOTIATION: "sslnegotiation",
  PGSSLROOTCERT: "sslrootcert",
  PGSSLCERT: "sslcert",
  PGSSLKEY: "sslkey",
  PGSSLCRL: "sslcrl",
  PGSSLCRLDIR: "sslcrldir",
  PGSSLMINPROTOCOLVERSION: "ssl_min_protocol_version",
  PGCHANNELBINDING: "channel_binding",
  PGREQUIREAUTH: "require_auth",
  PGREQUIREPEER: "requirepeer",
  PGGSSENCMODE: "gssencmode",
};

/** Unsupported parameters that demand protection; only these values can be ignored safely. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  sslcrl: /./,
  sslcrldir: /./,
  sslpassword: /./,
  requirepeer: /./,
  require_auth: /./,
  gssencmode: /^require$/,
  ssl_min_protocol_version: /^TLSv1\.3$/i,
};

/**
 * Gathers the parameters of a database as libpq does: URL, then service, then environment. With an
 * empty `env` only the URL counts.
 * @throws `store_unavailable` for an undefined service, and for an unsupported parameter whose
 * omission would weaken the requested protection
 */
export function readPgParameters(url: string | undefined, env: Environment): PgParameters {
  const fromUrl = url === undefined ? {} : parseUrl(url);
  const fromEnv = Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([name, keyword]) => env[name] ? [[keyword, env[name]]] : []),
  );
  const name = fromUrl["service"] || fromEnv["service"];
  const service = name ? readPgService(name, env) : {};
  if (service === undefined) {
    throw refusal(`no service file defines the service "${name}"; see PGSERVICEFILE`);
  }
  const values = { ...fromEnv, ...service, ...fromUrl };
  // A host from the URL does not belong to another source's host address.
  if (fromUrl["host"] && !fromUrl["hostaddr"]) delete values["hostaddr"];
  for (const [keyword, unsafe] of Object.entries(REFUSED)) {
    if (!unsafe.test(values[keyword] ?? "")) continue;
    throw refusal(`wick does not support ${keyword}=${values[keyword]}, and will not ignore it`);
  }
  const isStrictTls = fromUrl["sslmode"] !== undefined && values["uselibpqcompat"] !== "true";
  return { values, isStrictTls };
}

export function refusal(reason: string): AppError {
  return new AppError("store_unavailable", `Cannot use the database: ${reason}`);
}

/**
 * `postgresql://user:password@host1:5432,host2/name?key=value`, also with a socket's folder as
 * host.
 */
function parseUrl(url: string): Record<string, string> {
  const match = /^postgres(?:ql)?:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url);
  if (!match) throw refusal("DATABASE_URL is not of the form postgresql://user@host/name");
  const [, authority = "", name = "", query = ""] = match;
  const at = authority.lastIndexOf("@");
  const [user = "", ...password] = authority.slice(0, Math.max(at, 0)).split(":");
  const hosts = authority.slice(at + 1).split(",").map(splitPort);
  const found: [string, string][] = [
    ["user", decode(user)],
    ["password", decode(password.join(":"))],
    ["host", hosts.map(({ host }) => decode(host)).join()],
    ["port", hosts.some(({ port }) => port) ? hosts.map(({ port }) => port).join() : ""],
    ["dbname", decode(name)],
    ...new URLSearchParams(query.replaceAll("+", "%2B")),
  ];
  const values = Object.fromEntries(found.filter(([, value]) => value !== ""));
  // The driver's own TLS options.
  if (values["ssl"] !== undefined && values["sslmode"] === undefined) {
    const modes: Record<string, string> = { "no-verify": "no-verify", "0": "disable" };
    modes["false"] = "disable";
    values["sslmode"] = modes[values["ssl"]] ?? "verify-full";
  }
  return values;
}

function splitPort(text: string): { host: string; port: string } {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(text);
  return { host: (match?.[1] ?? text).replace(/^\[|\]$/g, ""), port: match?.[2] ?? "" };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a password with an unencoded %
  }
}
