import { AppError } from "../../../core/errors.ts";

/** Names of server, database and role for error messages. */
export interface ServerName {
  readonly address: string;
  readonly user: string;
  readonly database: string;
  /** The embedded server: the operator configures nothing about it. */
  readonly isEmbedded: boolean;
}

const DISK_FULL = "53100";

/** Advice by SQLSTATE, system or TLS error code. */
type Advice = (server: ServerName) => string;

const ADVICE: readonly (readonly [RegExp, Advice])[] = [
  [/^28P01$/, () => "correct the password in DATABASE_URL, PGPASSWORD or the password file"],
  [
    /^28000$/,
    ({ user }) =>
      `check the role "${user}" (it must exist and have LOGIN), and that the server's pg_hba.conf ` +
      "accepts it from here, with TLS if it requires it (sslmode=require)",
  ],
  [
    /^3D000$/,
    ({ database }) =>
      `create it (createdb --encoding=UTF8 --template=template0 ${database}), or name another in ` +
      "DATABASE_URL",
  ],
  [/^53300$/, () => "lower DATABASE_POOL (default 5), or raise the server's limit"],
  [/^53100$/, () => "free space on its disk"],
  [
    /^(42501|3F000)$/,
    ({ user }) =>
      `as the database's owner run: GRANT CREATE, USAGE ON SCHEMA public TO "${user}"; wick creates and ` +
      "alters its tables",
  ],
  [
    /^25006$/,
    () =>
      "it is a read-only standby or in read-only mode: give DATABASE_URL the primary's address " +
      "(a standby goes into DATABASE_READ_URL)",
  ],
  [/^22P05$/, () => "the database must have the encoding UTF8"],
  [/^57P03$/, () => "wait; wick retries automatically"],
  [
    /^(ENOTFOUND|EAI_AGAIN|EAI_NONAME)$/,
    ({ address }) => `${address} has no address: check the host's name in DATABASE_URL, and DNS`,
  ],
  [
    /^ECONNREFUSED$/,
    ({ address }) => `no server listens on ${address}: start it, or correct host and port`,
  ],
  [
    /^ECONN_NODE$/,
    () => "start that node of Citus; series on other nodes can be read, and nothing can be written",
  ],
  [/^ENOENT$/, ({ address }) => `there is no socket in ${address}: start the server`],
  [
    /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    ({ address }) => `${address} does not respond: check the host, and firewalls in between`,
  ],
  [
    /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|DEPTH_ZERO|UnknownIssuer|CaUsedAsEndEntity/,
    () =>
      "the server's certificate is signed neither by a known authority nor by a CA that sslrootcert " +
      "names: name its own CA's certificate with sslrootcert=FILE (or PGSSLROOTCERT), or accept any " +
      "with sslmode=no-verify",
  ],
  [
    /^NO_TLS$/,
    () => "turn TLS on there, or, on a network that you trust, leave it out with sslmode=disable",
  ],
  [/CERT_HAS_EXPIRED/, () => "the server's certificate has expired: renew it"],
  [
    /ALTNAME|NotValidForName/,
    ({ address }) =>
      `the server's certificate is for another name than ${address}: use that name, or check only ` +
      "the CA with sslmode=verify-ca",
  ],
];

/** Codes derived from messages of drivers and poolers that send none. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /too many (clients|connections)|no more connections|max(imum)? ?client|remaining connection slots/i,
    "53300",
  ],
  [/connection to the remote node/, "ECONN_NODE"],
  [/does not support SSL/, "NO_TLS"],
  [/^(FATAL: +)?(no such database|database "[^"]*" does not exist)/, "3D000"],
  [/^no such user|password authentication failed/, "28P01"],
  [/timeout expired|connection timeout|Connection terminated due to/i, "ETIMEDOUT"],
  [/getaddrinfo|failed to lookup address/i, "ENOTFOUND"],
  [/connection refused/i, "ECONNREFUSED"],
  [/unable to verify the first certificate|self-signed certificate|self signed/i, "SELF_SIGNED"],
];

/** SQLSTATE classes of temporary or server-side failures, as opposed to wrong statements. */
const TRANSIENT_STATE = /^(08|53|57P|58|25006|28|3D000|3F000|42501|22P05|55006|40|57014)/;
const TRANSIENT_TEXT =
  /ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT|Connection terminated|timeout|not queryable|SSL|certificate|SASL/i;

/** The server, or a pooler in front of it, allows no further connection. */
export function isRefusedForNumber(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === "53300";
}

/** The connection ended during a statement; another connection may work. */
export function isLostConnection(error: unknown): boolean {
  if (!(error instanceof AppError) || error.code !== "store_unavailable") return false;
  if (!(error.cause instanceof Error)) return false;
  const { message } = error.cause;
  return /^(57P0[125]|08)/.test(codeOf(error.cause)) ||
    /ECONNRESET|EPIPE|Connection terminated|not queryable/.test(
      `${codeOf(error.cause)} ${message}`,
    );
}

/** The server rolled a transaction back because of another one; trying again may succeed. */
export function isConflict(error: unknown): boolean {
  return error instanceof AppError && error.cause instanceof Error &&
    /^(40001|40P01)$/.test(codeOf(error.cause));
}

/** Converts errors of availability to `store_unavailable` with advice; returns others unchanged. */
export function toStoreError(error: unknown, server: ServerName): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  // A host with several addresses reports one error per address.
  const one = error instanceof AggregateError && error.errors[0] instanceof Error
    ? error.errors[0]
    : error;
  const code = codeOf(one);
  const isFatal = "severity" in one && one.severity === "FATAL";
  const isTransient = isFatal || one !== error || TRANSIENT_STATE.test(code) ||
    TRANSIENT_TEXT.test(`${code} ${one.message}`);
  if (!isTransient) return error;
  const isForUs = !server.isEmbedded || code === DISK_FULL;
  const advice = isForUs ? ADVICE.find(([known]) => known.test(code))?.[1] : undefined;
  const reason = one.message.trim().replaceAll(/\s*\n\s*/g, " ") || code;
  const place = server.isEmbedded || reason.includes(server.address) ? "" : ` (${server.address})`;
  return new AppError(
    "store_unavailable",
    `Cannot use the database${place}: ${reason}${advice ? `; ${advice(server)}` : ""}`,
    { cause: one, retryAfterMs: 5_000 },
  );
}

function codeOf(error: Error): string {
  const told = WORDS.find(([words]) => words.test(error.message))?.[1];
  return told ?? ("code" in error ? String(error.code) : "");
}
