import { INTERVALS } from "../../../core/interval.ts";
import type { EpochMs } from "../../../core/time.ts";
import type { DatabaseSize } from "../../../ports/status_reader.ts";
import type { Db } from "../connection/database.ts";

/** Reads sizes from the catalogue, those of chunks and workers included. */
export async function readSize(db: Db): Promise<DatabaseSize> {
  const [server] = await db.query<{
    version: string;
    started_at: EpochMs;
    bytes: number;
    has_citus: boolean;
    has_timescale: boolean;
  }>(SERVER);
  const { version, started_at: startedAt, has_citus, has_timescale } = server!;
  const rows = await db.query<TableRow>(tablesOf(has_citus ? DISTRIBUTED_SIZE : OWN_SIZE));
  const tables = new Map(rows.map((row) => [row.name, row]));
  if (has_timescale) {
    for (const row of await db.query<TableRow>(HYPERTABLES)) tables.set(row.name, row);
  }
  const [workers] = has_citus ? await db.query<{ bytes: number }>(WORKERS) : [];
  return {
    version,
    startedAt,
    bytes: server!.bytes + (workers?.bytes ?? 0),
    tables: [...tables.values()].map(({ name, interval, bytes }) => ({
      name,
      bytes,
      interval: INTERVALS.find((one) => one === interval),
    })).sort((a, b) => b.bytes - a.bytes),
  };
}

interface TableRow {
  readonly name: string;
  readonly interval: string | null;
  readonly bytes: number;
}

const SERVER = `
  select current_setting('server_version') as version, pg_postmaster_start_time() as started_at,
    pg_database_size(current_database()) as bytes,
    exists (select from pg_extension where extname = 'citus') as has_citus,
    exists (select from pg_extension where extname = 'timescaledb') as has_timescale`;

const OWN_SIZE = "pg_total_relation_size(c.oid)";
/** Of a distributed table, the shards on all workers. */
const DISTRIBUTED_SIZE =
  `case when exists (select from pg_dist_partition where logicalrelid = c.oid)
  then citus_total_relation_size(c.oid, fail_on_error => false) else ${OWN_SIZE} end`;

/**
 * Tables of all schemas but the system's. One that is divided further, as by years, counts as one:
 * the part that has the interval.
 */
const tablesOf = (size: string) => `
  select coalesce(part.relname, c.relname) as name,
    substring(pg_get_expr(part.relpartbound, part.oid) from '''(.+)''') as interval,
    sum(${size})::bigint as bytes
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join lateral (
    select p.oid, p.relname, p.relpartbound from pg_partition_ancestors(c.oid) a
    join pg_class p on p.oid = a.relid
    join pg_inherits i on i.inhrelid = p.oid and i.inhparent = 'klines'::regclass
  ) part on true
  where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema$|_?timescaledb_|columnar)'
  group by 1, 2 order by bytes desc, name`;

/** Hypertables with all of their chunks, compressed ones included. */
const HYPERTABLES = `
  select hypertable_name as name, null as interval,
    hypertable_size(format('%I.%I', hypertable_schema, hypertable_name)::regclass) as bytes
  from timescaledb_information.hypertables`;

/** The databases of workers that answer. */
const WORKERS = `
  select coalesce(sum(result::bigint) filter (where success), 0)::bigint as bytes
  from run_command_on_workers('select pg_database_size(current_database())')`;
