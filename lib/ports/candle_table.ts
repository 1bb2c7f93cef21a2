/** A row of a table: its position in the file and its cells as text. */
export interface TableRow {
  /** Line of a text file, or number of the row in a binary one, from 1. */
  readonly line: number;
  /** `undefined`: the line is not CSV, or not a row. */
  readonly cells: readonly string[] | undefined;
}

/** Consecutive rows. Tables with column names begin with a row of these. */
export interface TablePart {
  readonly rows: readonly TableRow[];
  /** True when the last row is the end of a text without a line end, so that it may be cut off. */
  readonly isCut: boolean;
}

/** Rows of a table, in order. */
export type TableReader = AsyncIterable<TablePart>;

/** Rows yielded together by readers of binary formats. */
export const BATCH_ROWS = 8_192;

/** Candles of one series in a table of another database. */
export interface ForeignSeries {
  /** The exchange that the table names; `undefined` for a table without such a column. */
  readonly exchange: string | undefined;
  readonly rows: number;
  /** Begins with a row of column names; oldest first, on one snapshot. */
  read(): AsyncIterable<TablePart>;
}

/** A table of another database; `name` tells server, database and table, and no password. */
export interface ForeignTable {
  readonly name: string;
  readonly series: readonly ForeignSeries[];
}

/** Databases of other programs, read only. */
export interface ForeignTables {
  /**
   * @param table with or without its schema; default: `candle`, as jesse names it
   * @throws `not_found` for a table that does not exist, `bad_payload` for one that is no table of
   * candles, and for a database that cannot be read
   */
  open(url: string, table: string | undefined): Promise<ForeignTable>;
}
