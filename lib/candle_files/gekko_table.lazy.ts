import { DatabaseSync } from "node:sqlite";
import { AppError } from "../core/errors.ts";
import { BATCH_ROWS, type TablePart, type TableRow } from "../ports/candle_table.ts";

/**
 * Gekko keeps 1m candles of a market in one table: `candles_USDT_BTC`. Source: its sqlite plugin.
 */
const TABLE = /^candles_([A-Za-z0-9]+)_([A-Za-z0-9]+)$/;
const COLUMNS = ["start", "open", "high", "low", "close", "volume", "trades"] as const;

/** A table of candles in a database of Gekko. */
export interface GekkoTable {
  readonly name: string;
  readonly symbol: string;
}

/**
 * Lists Gekko's tables of candles in an SQLite file.
 *
 * @throws `bad_payload` for a file that is damaged or has none
 */
export function listGekkoTables(path: string): GekkoTable[] {
  return reading(path, (database) => {
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
    const found = tables.flatMap(({ name }) => {
      const [, quote, base] = TABLE.exec(String(name)) ?? [];
      return base === undefined
        ? []
        : [{ name: String(name), symbol: `${base}${quote}`.toUpperCase() }];
    });
    if (found.length > 0) return found;
    throw new AppError(
      "bad_payload",
      `Cannot read ${path}: this SQLite file has no tables of candles such as candles_USDT_BTC of ` +
        "Gekko; export other tables as CSV",
    );
  });
}

/**
 * Reads the rows of one of Gekko's tables, in time order.
 *
 * @throws `bad_payload` for a table without Gekko's columns and for a damaged file
 */
export function* readGekkoTable(path: string, table: string): Generator<TablePart> {
  const database = openReadOnly(path);
  try {
    yield { rows: [{ line: 0, cells: COLUMNS }], isCut: false };
    const statement = database.prepare(`select ${COLUMNS.join()} from "${table}" order by start`);
    let rows: TableRow[] = [];
    let line = 0;
    for (const row of statement.iterate()) {
      rows.push({ line: ++line, cells: COLUMNS.map((column) => String(row[column] ?? "")) });
      if (rows.length < BATCH_ROWS) continue;
      yield { rows, isCut: false };
      rows = [];
    }
    yield { rows, isCut: false };
  } catch (cause) {
    throw unreadable(`${path}, table ${table},`, cause);
  } finally {
    database.close();
  }
}

function reading<T>(path: string, work: (database: DatabaseSync) => T): T {
  const database = openReadOnly(path);
  try {
    return work(database);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw unreadable(path, cause);
  } finally {
    database.close();
  }
}

function openReadOnly(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly: true });
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError("bad_payload", `Cannot read ${path} as an SQLite file: ${reason}`);
}
