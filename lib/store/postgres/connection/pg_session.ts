// @ts-types="@types/pg"
import type pg from "pg";
import { AppError } from "../../../core/errors.ts";
import { refusal } from "./pg_parameters.ts";
import type { WantedSession } from "./pg_target.ts";

/** Settings that wick relies on, which override defaults of server, database and role. */
const SETTINGS: Readonly<Record<string, string>> = {
  DateStyle: "ISO, MDY",
  TimeZone: "UTC",
  IntervalStyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: "1",
  standard_conforming_strings: "on",
  array_nulls: "on",
  client_encoding: "UTF8",
  row_security: "on",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  default_transaction_deferrable: "off",
  // In ms. Exports are as slow as their clients; other statements have a client-side limit.
  statement_timeout: "0",
  lock_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  idle_session_timeout: "0",
  transaction_timeout: "0",
};

/** `snapshot`: read-only, all statements see one state of the database. */
export type TransactionKind = "default" | "snapshot";

/** A checked connection with its settings applied. */
export interface Session {
  /** Begins a transaction and applies settings that a pooler does not keep between transactions. */
  begin(kind: TransactionKind): string;
  /** True if every statement needs a transaction, because settings cannot be kept otherwise. */
  readonly isTransactional: boolean;
}

interface Probe {
  readonly pid: number;
  readonly version: string;
  readonly version_num: number;
  readonly encoding: string;
  readonly name: string;
  readonly is_standby: boolean;
  readonly settings: Readonly<Record<string, string>>;
  readonly current_schema: string | null;
  /** Schemas that hold wick's tables. */
  readonly ledgers: readonly string[];
}

/**
 * One message with its own limits, because default limits could end it. The settings' names are
 * constants of this module.
 */
const PROBE = `begin isolation level read committed read only; set local statement_timeout = 0;
  select pg_catalog.pg_backend_pid() as pid,
    pg_catalog.current_setting('server_version') as version,
    pg_catalog.current_setting('server_version_num')::int as version_num,
    (select pg_catalog.pg_encoding_to_char(encoding) from pg_catalog.pg_database
     where datname = pg_catalog.current_database()) as encoding,
    pg_catalog.current_database()::text as name,
    pg_catalog.pg_is_in_recovery() as is_standby,
    (select pg_catalog.json_object_agg(name,
       case name when 'statement_timeout' then reset_val else setting end) from pg_catalog.pg_settings
     where name in (${Object.keys(SETTINGS).map((name) => `'${name}'`).join()})) as settings,
    pg_catalog.current_schema()::text as current_schema,
    (select coalesce(pg_catalog.json_agg(n.nspname order by n.nspname), '[]')
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relname = 'schema_migrations' and c.relkind = 'r'
       and pg_catalog.has_schema_privilege(n.oid, 'usage')
       and pg_catalog.has_table_privilege(c.oid, 'select')
       and exists (select from pg_catalog.pg_class k
         where k.relnamespace = n.oid and k.relname = 'klines')) as ledgers;
  commit`;

/** Longer than the probe takes: bounds the wait for a server that hangs. */
const PROBE_TIMEOUT_MS = 10_000;
const OLDEST = 15;

/**
 * Checks a new connection, rejects unusable servers, and applies wick's settings: per session, or
 * behind a transaction pooler per transaction.
 * @throws `store_unavailable` with the reason
 */
export async function openSession(
  client: pg.ClientBase,
  { wanted, options, statementTimeoutMs = 0 }: {
    readonly wanted: WantedSession;
    readonly options: string | undefined;
    readonly statementTimeoutMs?: number | undefined;
  },
): Promise<Session> {
  // pg reads query_timeout, but its types do not list it.
  const query = { text: PROBE, query_timeout: PROBE_TIMEOUT_MS };
  const results = await client.query<Probe>(query);
  // Several statements have several results, which the types do not know.
  const probe = (results as unknown as { rows: Probe[] }[]).flatMap(({ rows }) => rows)[0];
  if (probe === undefined) throw refusal("it does not answer as PostgreSQL does");
  requireUsable(probe, wanted);
  const settings = { ...SETTINGS, statement_timeout: String(statementTimeoutMs) };
  const changes = settingsToChange(probe, settings, options);
  // A pooler assigns its own process numbers, and a cancellation must use one of them.
  const isOwn = (client as { processID?: number | null }).processID === probe.pid;
  if (isOwn && changes.length > 0) {
    const sql = "select pg_catalog.set_config(name, value, false) from json_each_text($1) " +
      "as wanted(name, value)";
    await client.query(sql, [JSON.stringify(Object.fromEntries(changes))]).catch(explainSetting);
  }
  const local = isOwn
    ? ""
    : changes.map(([name, value]) =>
      `; set local ${name} = ${value.startsWith('"') ? value : `'${value}'`}`
    ).join("");
  const readWrite = probe.is_standby ? "" : " read write";
  const begins = {
    default: `begin isolation level read committed${readWrite}${local}`,
    snapshot: `begin isolation level repeatable read read only${local}`,
  };
  return { begin: (kind) => begins[kind], isTransactional: local !== "" };
}

function requireUsable(probe: Probe, wanted: WantedSession): void {
  const { version, version_num, encoding, name, is_standby: isStandby } = probe;
  if (version_num < OLDEST * 10_000) {
    throw refusal(
      `the server is PostgreSQL ${version}, and wick needs ${OLDEST} or newer; upgrade the server, ` +
        "or unset DATABASE_URL to use the embedded one",
    );
  }
  if (encoding !== "UTF8") {
    throw refusal(
      `the database "${name}" has the encoding ${encoding}, which cannot hold every symbol; make ` +
        `another one (createdb --encoding=UTF8 --template=template0 wick) and name it`,
    );
  }
  const isReadOnly = isStandby || probe.settings["default_transaction_read_only"] === "on";
  const isWrong = (wanted === "primary" && isStandby) || (wanted === "standby" && !isStandby) ||
    (wanted === "read-write" && isReadOnly) || (wanted === "read-only" && !isReadOnly);
  if (isWrong) throw refusal(`the server is not ${wanted} (target_session_attrs)`);
}

/** Settings whose current values differ from the required ones. */
function settingsToChange(
  probe: Probe,
  settings: Readonly<Record<string, string>>,
  options: string | undefined,
): [string, string][] {
  const changes = Object.entries(settings).filter(([name, value]) => {
    const present = probe.settings[name]; // missing in some versions
    return present !== undefined && present !== value;
  });
  const isChosen = /\bsearch_path\b/.test(options ?? "");
  const schema = chooseSchema(probe);
  if (isChosen || schema === probe.current_schema) return changes;
  return [...changes, ["search_path", `"${schema.replaceAll('"', '""')}"`]];
}

/** The schema of wick's tables, regardless of `search_path`; without tables its first schema. */
function chooseSchema({ ledgers, current_schema: current }: Probe): string {
  if (ledgers.length > 0 && !ledgers.includes(current ?? "")) {
    return ledgers.includes("public") ? "public" : ledgers[0]!;
  }
  return current === null || current.startsWith("pg_") ? "public" : current;
}

function explainSetting(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof AppError) throw error;
  throw new AppError(
    "store_unavailable",
    `Cannot use the database: a default of its role or database cannot be changed by wick ` +
      `(${reason}); remove it with ALTER ROLE … RESET or ALTER DATABASE … RESET`,
    { cause: error },
  );
}
