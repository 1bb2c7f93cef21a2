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
