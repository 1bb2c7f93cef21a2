import type { Kline } from "../../../core/kline.ts";
import type { EpochMs } from "../../../core/time.ts";
import { AFTER_INCOMING, INCOMING, spanTimes, toArrays, VALUE_COLUMNS } from "./_kline_rows.ts";
import type { Transaction } from "../connection/database.ts";
import type { SeriesKey } from "../series_postgres.ts";

/** Compares incoming candles with the stored ones. A candle in no list is stored unchanged. */
export interface Comparison {
  /** Differ from the stored candle, from a source at least as reliable. */
  readonly changed: readonly Kline[];
  /** Differ from a more reliable source, apart from trailing zeros. */
  readonly conflicting: readonly Kline[];
  /**
   * Equal to the stored candle, which is from a less reliable source other than the streams: nearly
   * all candles of short intervals come from streams, and none is written twice for a confirmation.
   */
  readonly confirmed: readonly Kline[];
}

/** The most reliable source first. */
const rank = (source: string) =>
  `array_position(array['rest', 'stream', 'daily', 'monthly', 'file'], ${source})`;

const STREAM_RANK = 2;
/** From a file without a checksum, which any program may have written. */
const FILE_RANK = 5;

const rowOf = (table: string) => `row(${VALUE_COLUMNS.map((c) => `${table}.${c}`)})`;

/** Without a cast to record for the operator `*=`: Citus drops it on the way to its workers. */
const isIdentical = (a: string, b: string) => `record_image_eq(${rowOf(a)}, ${rowOf(b)})`;

const eachValue = (compare: (column: string) => string, glue: string) =>
  VALUE_COLUMNS.map(compare).join(glue);

/** Two units in the last place of a float: pandas' default parser is off by one. */
const FLOAT_ERROR = "4.5e-16";

/** Compares as floats, for files of programs that keep numbers as floats. */
const SAME_AS_FLOATS = eachValue(
  (c) =>
    c === "close_time" || c === "number_of_trades"
      ? `k.${c} = i.${c}`
      : `abs(k.${c}::float8 - i.${c}::float8) <= ${FLOAT_ERROR} * abs(k.${c}::float8)`,
  " and ",
);

/** Digits after the point of all numbers in a row. */
const digitsOf = (table: string) =>
  VALUE_COLUMNS.filter((c) => c !== "close_time" && c !== "number_of_trades")
    .map((c) => `scale(${table}.${c})`).join(" + ");

/**
 * Compares candles with the stored rows of the same open times, digit by digit. For numeric, 1.5
 * equals 1.50, so rows are compared as records by their stored bytes, not by value. Values that
 * went through floats have lost digits and replace no exact ones.
 */
export async function compareKlines(
  tx: Transaction,
  key: SeriesKey,
  klines: readonly Kline[],
  runId: number,
): Promise<Comparison> {
  if (klines.length === 0) return { changed: [], conflicting: [], confirmed: [] };
  const rows = await tx.query<{ open_time: EpochMs; differs: boolean; outranked: boolean }>(
    `select open_time, differs, stored_rank < own_rank as outranked from (
       select k.open_time, not ${isIdentical("k", "i")} as differs,
         record_eq(${rowOf("k")}, ${rowOf("i")}) as is_equal,
        ${SAME_AS_FLOATS} as is_same_float,
        ${digitsOf("i")} <= ${digitsOf("k")} as has_fewer_digits,
         coalesce(${rank("r.source")}, 1) as stored_rank,
         coalesce((select ${rank("source")} from runs where run_id = $${AFTER_INCOMING}), 1)
           as own_rank
       from ${INCOMING} join klines k
         on k.symbol_id = $1 and k.interval = $2 and k.open_time = i.open_time
         and k.open_time between $${AFTER_INCOMING + 1} and $${AFTER_INCOMING + 2}
       left join runs r on r.run_id = k.run_id
     ) compared
     where not (is_same_float and own_rank = ${FILE_RANK} and differs
         and (stored_rank < own_rank or has_fewer_digits))
       and (differs and not (is_equal and stored_rank < own_rank) or stored_rank > greatest(own_rank, ${STREAM_RANK}))`,
    [key.symbolId, key.interval, ...toArrays(klines), runId, ...spanTimes(klines)],
  );
  const found = new Map(rows.map((row) => [row.open_time, row]));
  const pick = (isWanted: (row: typeof rows[number]) => boolean) =>
    klines.filter((kline) => {
      const row = found.get(kline.openTime);
      return row !== undefined && isWanted(row);
    });
  return {
    changed: pick((row) => row.differs && !row.outranked),
    conflicting: pick((row) => row.differs && row.outranked),
    confirmed: pick((row) => !row.differs),
  };
}

/** Records the version of a less reliable source; recording it again adds nothing. */
export async function recordConflicts(
  tx: Transaction,
  key: SeriesKey,
  klines: readonly Kline[],
  runId: number,
): Promise<void> {
  await tx.query(
    `insert into kline_conflicts (symbol_id, interval, run_id, open_time, ${VALUE_COLUMNS})
     select $1, $2, $${AFTER_INCOMING}, i.open_time, ${VALUE_COLUMNS.map((c) => `i.${c}`)}
     from ${INCOMING} where not exists (
       select from kline_conflicts c where c.symbol_id = $1 and c.interval = $2
         and c.open_time = i.open_time and ${isIdentical("c", "i")}
     )`,
    [key.symbolId, key.interval, ...toArrays(klines), runId],
  );
}

/** Records a more reliable run that brought the same candles; readers see no change. */
export async function confirmKlines(
  tx: Transaction,
  key: SeriesKey,
  klines: readonly Kline[],
  runId: number,
): Promise<void> {
  await tx.query(
    `update klines set run_id = $4
     where symbol_id = $1 and interval = $2 and open_time = any($3::timestamptz[])
       and open_time between $5 and $6`,
    [key.symbolId, key.interval, toArrays(klines)[0], runId, ...spanTimes(klines)],
  );
}
