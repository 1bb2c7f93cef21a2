import type { Interval } from "../../../core/interval.ts";
import type { KlineColumn } from "../../../core/kline.ts";
import { endOf, openTimeOf } from "../interval_sql.ts";

/** Candles of `interval` that are made of candles of `base`. */
export interface RollupGrid {
  readonly interval: Interval;
  readonly base: Interval;
  /** Any open time of the longer series, in ISO; see `openTimeOf`. */
  readonly anchor?: string | undefined;
}

type Summed = Exclude<KlineColumn, "open_time" | "close_time">;

/** SQL that makes a column of the rows for which a condition holds. */
type Sum = (condition: string) => string;

const first = (column: string, order: string): Sum => (rows) =>
  `(array_agg(${column} order by ${order}) filter (where ${rows}))[1]`;
const sum = (column: string): Sum => (rows) => `sum(${column}) filter (where ${rows})`;
/** Of the rows with trades, or of all if none has any. */
const extreme = (best: string): Sum => (rows) =>
  `coalesce(${best} filter (where ${rows} and number_of_trades > 0),
    ${best} filter (where ${rows}))`;

/**
 * Candles made of shorter ones. Prices come from parts with trades, if there are any: a candle
 * without trades repeats the close before it. Sums are numeric, so exact.
 */
const SUMMED: Readonly<Record<Summed, Sum>> = {
  open_price: first("open_price", "number_of_trades = 0, open_time"),
  high_price: extreme("max(high_price)"),
  low_price: extreme("min(low_price)"),
  close_price: first("close_price", "number_of_trades = 0, open_time desc"),
  volume: sum("volume"),
  quote_asset_volume: sum("quote_asset_volume"),
  number_of_trades: sum("number_of_trades"),
  taker_buy_base_asset_volume: sum("taker_buy_base_asset_volume"),
  taker_buy_quote_asset_volume: sum("taker_buy_quote_asset_volume"),
};

/** The same with the prices of parts without trades, where they can differ. */
const WITH_QUIET: Readonly<Partial<Record<Summed, Sum>>> = {
  open_price: first("open_price", "open_time"),
  high_price: (rows) => `max(high_price) filter (where ${rows})`,
  low_price: (rows) => `min(low_price) filter (where ${rows})`,
  close_price: first("close_price", "open_time desc"),
};

const COLUMNS = Object.keys(SUMMED) as Summed[];

/** Candles of `grid` made of the rows of `source`, which have a kline's columns. */
export function summedRows({ interval, anchor }: RollupGrid, source: string): string {
  const typeOf = (column: Summed) => column === "number_of_trades" ? "::integer" : "";
  const values = COLUMNS.map((c) => `(${SUMMED[c]("true")})${typeOf(c)} as ${c}`);
  return `select bucket as open_time, ${endOf(interval, "bucket")} - interval '1 millisecond'
      as close_time, ${values}, max(change_seq) as change_seq
    from (select ${openTimeOf(interval, "open_time", anchor)} as bucket, k.* from ${source}) parts
    group by bucket`;
}

/** The number of candles of `grid` that open in [$2, $3) of series $1; both on the grid. */
export function countSummed({ interval, base, anchor }: RollupGrid): string {
  return `select count(*) as rows from (
      select from klines where symbol_id = $1 and interval = '${base}'
        and open_time >= $2 and open_time < $3
      group by ${openTimeOf(interval, "open_time", anchor)}
    ) candles`;
}

/**
 * One row: the number of stored candles that open in [$2, $3) of series $1 and have parts, and
 * those that differ from the sum, with the differing columns and the number of their parts. A price
 * may be the one with or without parts that had no trades: the exchange does not document which it
 * takes. Candles and parts are grouped together instead of joined, which takes the same time with
 * any statistics.
 */
export function compareRows({ interval, base, anchor }: RollupGrid): string {
  const rowsOf = (one: Interval, time: string) =>
    `select ${time} as bucket, interval = '${interval}' as is_long, open_time, ${COLUMNS}
     from klines where symbol_id = $1 and interval = '${one}'
       and open_time >= $2 and open_time < $3`;
  const values = COLUMNS.flatMap((column) => [
    `max(${column}) filter (where is_long) as ${column}`,
    `${SUMMED[column]("not is_long")} as sum_${column}`,
    ...WITH_QUIET[column] === undefined
      ? []
      : [`${WITH_QUIET[column]("not is_long")} as quiet_${column}`],
  ]);
  const differs = (column: Summed) =>
    WITH_QUIET[column] === undefined
      ? `${column} <> sum_${column}`
      : `(${column} <> sum_${column} and ${column} <> quiet_${column})`;
  const details = COLUMNS.map((column) =>
    `case when ${differs(column)} then json_build_object('column', '${column}',
       'stored', ${column}::text, 'sum', sum_${column}::text) end`
  );
  return `select count(*) as compared, coalesce(json_agg(json_build_object(
       'openTime', (extract(epoch from bucket) * 1000)::bigint, 'parts', parts,
       'details', json_build_array(${details})) order by bucket)
       filter (where ${COLUMNS.map(differs).join(" or ")}), '[]') as differences
     from (
       select bucket, count(*) filter (where not is_long) as parts, ${values} from (
         ${rowsOf(interval, "open_time")} union all
         ${rowsOf(base, openTimeOf(interval, "open_time", anchor))}
       ) candles group by bucket having bool_or(is_long) and not bool_and(is_long)
     ) compared`;
}

/**
 * Open times of the candles in [$2, $3) that have changed, or whose parts have, after the versions
 * $4 and $5; at most $6.
 */
export function changedRows({ interval, base, anchor }: RollupGrid): string {
  const changes = (one: Interval, version: string) =>
    `select ${openTimeOf(interval, "open_time", anchor)} as bucket from klines
     where symbol_id = $1 and interval = '${one}' and open_time >= $2 and open_time < $3
       and change_seq > ${version}`;
  return `select distinct bucket from (
      ${changes(interval, "$4")} union all ${changes(base, "$5")}
    ) changed order by bucket limit $6`;
}

/** The number of candles in [$2, $3) that had parts at the versions $4 and $5. */
export function countBefore({ interval, base, anchor }: RollupGrid): string {
  const states = (one: Interval, time: string, version: string) =>
    ["klines", "kline_revisions"].map((table) =>
      `select ${time} as bucket from ${table}
       where symbol_id = $1 and interval = '${one}' and open_time >= $2 and open_time < $3
         and change_seq <= ${version}`
    ).join(" union all ");
  return `select count(*) as compared from (
      select bucket from (${states(interval, "open_time", "$4")}) long group by bucket
    ) candles join (
      select bucket from (${states(base, openTimeOf(interval, "open_time", anchor), "$5")}) short
      group by bucket
    ) parts using (bucket)`;
}
