import { AppError } from "../../core/errors.ts";
import {
  BATCH_ROWS,
  type ForeignSeries,
  type ForeignTable,
  type ForeignTables,
  type TablePart,
} from "../../ports/candle_table.ts";
import type { Logger } from "../../ports/host.ts";
import { type Db, openDatabase } from "./connection/database.ts";
import { readPgTarget } from "./connection/pg_target.ts";

/** jesse's table. */
const DEFAULT_TABLE = "candle";
/** Columns that tell series apart, by what they hold. */
const KEYS = {
  exchange: ["exchange"],
  symbol: ["symbol", "pair", "market", "ticker"],
  interval: ["timeframe", "interval", "resolution"],
} as const;
const TIMES = ["timestamp", "open_time", "time", "ts", "datetime", "date"];

/** Tables of candles in databases of other programs. Statements have no time limit. */
export function createForeignTables(log: Logger): ForeignTables {
  return {
    async open(url, table) {
      const db = openForeign(url, log);
      try {
        return await openTable(db, { url, log }, table ?? DEFAULT_TABLE);
      } finally {
        await db.close();
      }
    },
  };
}

const openForeign = (url: string, log: Logger) =>
  openDatabase({ url, log, maxConnections: 1, idleTimeoutMs: 0, queryTimeoutMs: 0 });

interface Access {
  readonly url: string;
  readonly log: Logger;
}

/**
 * Advice about wick's own database, such as to correct DATABASE_URL, would mislead here.
 *
 * @throws `bad_payload` in place of the server's refusals, such as a missing permission, and of a
 * connection that fails or ends
 */
async function naming<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUnavailable = error instanceof AppError && error.code === "store_unavailable";
    if (error instanceof AppError && !isUnavailable) throw error;
    const { message } = isUnavailable && error.cause instanceof Error ? error.cause : error;
    const advice = isUnavailable
      ? "; check the server, and the password and rights of the user"
      : "";
    throw new AppError("bad_payload", `Cannot read ${name}: ${message}${advice}`);
  }
}

interface NamedAccess extends Access {
  readonly name: string;
}

/** A table's quoted name and columns. */
interface TableShape {
  readonly sql: string;
  readonly columns: readonly string[];
  readonly time: string;
  readonly keys: readonly string[];
  readonly exchange: string | undefined;
}

async function openTable(db: Db, access: Access, table: string): Promise<ForeignTable> {
  const { candidates: [server], database, user } = readPgTarget(access.url, {});
  const place = `${user}@${server!.name ?? server!.host}:${server!.port}/${database}`;
  const name = `postgres://${place}, table ${table}`;
  return await naming(name, async () => {
    const shape = await readShape(db, name, table);
    return { name, series: await listSeries(db, { ...access, name }, shape) };
  });
}

async function readShape(db: Db, name: string, table: string): Promise<TableShape> {
  const found = await db.query<{ schema: string; table: string; column: string }>(
    // information_schema hides tables that this user may not read.
    `select quote_ident(nspname) as schema, quote_ident(relname) as table, attname as column
     from pg_attribute join pg_class on pg_class.oid = attrelid
       join pg_namespace on pg_namespace.oid = relnamespace
     where $1::text in (relname::text, nspname || '.' || relname)
       and relkind in ('r', 'p', 'v', 'm', 'f') and attnum > 0 and not attisdropped
       and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
     order by nspname, attnum`,
    [table],
  );
  const [first] = found;
  if (first === undefined) throw new AppError("not_found", `Cannot read ${name}: no such table`);
  const columns = found.filter(({ schema }) => schema === first.schema)
    .map(({ column }) => column);
  const time = TIMES.find((one) => columns.includes(one));
  if (time === undefined) {
    throw new AppError(
      "bad_payload",
      `Cannot read ${name}: no column for the open time, such as ${TIMES.slice(0, 3).join(", ")}`,
    );
  }
  const key = (names: readonly string[]) => names.find((one) => columns.includes(one)) ?? [];
  return {
    sql: `${first.schema}.${first.table}`,
    columns,
    time,
    keys: [key(KEYS.exchange), key(KEYS.symbol), key(KEYS.interval)].flat(),
    exchange: columns.find((column) => column === "exchange"),
  };
}

const quoted = (column: string) => `"${column.replaceAll('"', '""')}"`;

async function listSeries(
  db: Db,
  access: NamedAccess,
  shape: TableShape,
): Promise<ForeignSeries[]> {
  const keys = shape.keys.map(quoted);
  const groups = await db.query<{ rows: number; keys: string[] }>(
    `select count(*) as rows, array[${keys.map((key) => `${key}::text`)}]::text[] as keys
     from ${shape.sql} ${keys.length === 0 ? "" : `group by ${keys} order by ${keys}`}`,
  );
  return groups.filter(({ rows }) => rows > 0).map(({ rows, keys: values }) => ({
    rows,
    exchange: shape.exchange === undefined ? undefined : values[0],
    read: () => readSeries(access, shape, values),
  }));
}

async function* readSeries(
  { url, log, name }: NamedAccess,
  { sql, columns, time, keys }: TableShape,
  values: readonly string[],
): AsyncGenerator<TablePart> {
  yield { rows: [{ line: 0, cells: columns }], isCut: false };
  const db = openForeign(url, log);
  const loan = await naming(name, () => db.lend());
  try {
    await naming(name, () => loan.beginSnapshot());
    const cells = columns.map((column) => `coalesce(${quoted(column)}::text, '')`);
    const terms = keys.map((key, i) => `${quoted(key)}::text = $${i + 1}`);
    await naming(name, () =>
      loan.query(
        `declare candles no scroll cursor for select array[${cells}] as cells from ${sql}
       ${terms.length === 0 ? "" : `where ${terms.join(" and ")}`} order by ${quoted(time)}`,
        values,
      ));
    let line = 0;
    while (true) {
      const fetched = () => loan.query<{ cells: string[] }>(`fetch ${BATCH_ROWS} from candles`);
      const rows = await naming(name, fetched);
      if (rows.length === 0) return;
      yield { rows: rows.map((row) => ({ line: ++line, cells: row.cells })), isCut: false };
    }
  } finally {
    loan.release({ isBroken: true }); // its transaction ends with it
    await db.close();
  }
}
