import type { Interval } from "../../../core/interval.ts";
import { LACKING_COLUMNS } from "../../../core/imported_candle.ts";
import { KLINE_COLUMNS, type KlineColumn } from "../../../core/kline.ts";
import { type EpochMs, toIso } from "../../../core/time.ts";
import { type DecimalSize, INT8_DIGITS, type LineLayout } from "../../../ports/kline_exporter.ts";
import type { Period } from "../../../ports/lake_source.ts";
import { withImported } from "../imported_sql.ts";
import { summedRows } from "../rollups/rollup_sql.ts";
import { bound } from "./time_bound.ts";

/** The rows of an export of a series. */
export interface Slice {
  readonly symbolId: number;
  readonly interval: Interval;
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  readonly asOf: EpochMs | undefined;
  /** The interval of the candles that these are made of, unless they are stored. */
  readonly base?: Interval | undefined;
  /** True if imported candles are added, and each row has its `source`. */
  readonly isImported?: boolean | undefined;
  /** Only changes after this version of the series. */
  readonly afterVersion: number | undefined;
}

/**
 * The rows as `k`: current ones, or those of a past time, when each version was valid until
 * replaced.
 */
export function rowsOf(slice: Slice): string {
  const { symbolId, interval, base, from, to, asOf, afterVersion } = slice;
  const own = `symbol_id = ${symbolId} and interval = '${base ?? interval}'
    and open_time >= '${bound(from, "-infinity")}'
    and open_time < '${bound(to, "infinity")}'` +
    (afterVersion === undefined ? "" : ` and change_seq > ${afterVersion}`);
  if (base !== undefined) {
    return `(${summedRows({ interval, base }, `klines k where ${own}`)}) k`;
  }
  if (slice.isImported) {
    const sql = {
      symbolId: `${symbolId}`,
      interval: `'${interval}'`,
      condition: own,
      order: "asc",
    };
    return `(${withImported(sql)}) k`;
  }
  if (asOf === undefined) return `klines k where ${own}`;
  const columns = KLINE_COLUMNS.join();
  const time = `'${toIso(asOf)}'`;
  return `(
    select ${columns} from klines where ${own} and stored_at <= ${time}
    union all
    select ${columns} from kline_revisions
    where ${own} and stored_at <= ${time} and replaced_at > ${time}
  ) k`;
}

/** `2024-01-01T00:00:00.000Z` */
export const isoTime = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const msTime = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`;

export const isTime = (column: KlineColumn) => column.endsWith("_time");
export const DECIMAL_COLUMNS = KLINE_COLUMNS.filter((column) =>
  !isTime(column) && column !== "number_of_trades"
);

/** `copy (…) to stdout` with the lines of a series. */
export function copyLines(slice: Slice, layout: LineLayout): string {
  const { format, hasHeader } = layout;
  // Text format writes lines as they are: JSON of these values holds no backslash to escape.
  const options = format === "ndjson" || format === "json"
    ? "format text"
    : `format csv, header ${hasHeader && format === "csv"}`;
  return `copy (select ${lineColumns(slice, layout)} from ${rowsOf(slice)}
    order by k.open_time) to stdout (${options})`;
}

function lineColumns(slice: Slice, layout: LineLayout): string {
  const { symbolId, interval, base, isImported = false } = slice;
  const { format, time, isNamed } = layout;
  const symbol = `(select symbol from symbols where symbol_id = ${symbolId})`;
  if (format === "ndjson" || format === "json") {
    const { pattern, values } = jsonFields(time, isImported);
    const mark = base === undefined ? "" : `,"derived_from":"${base}"`;
    const end = mark + (format === "json" ? "}," : "}");
    return isNamed
      ? `format('{"symbol":%s,"interval":"%s",${pattern}${end}', to_json(${symbol}), '${interval}',
         ${values})`
      : `format('{${pattern}${end}', ${values})`;
  }
  const write = format === "binance" || time === "ms" ? msTime : isoTime;
  return [
    ...isNamed ? [`${symbol} as symbol, '${interval}' as interval`] : [],
    ...KLINE_COLUMNS.map((c) => isTime(c) ? `${write(c)} as ${c}` : c),
    ...format === "binance" ? ["0"] : [],
    ...isImported ? ["source"] : [],
  ].join();
}

function jsonFields(time: LineLayout["time"], isImported: boolean) {
  const isNumber = (column: KlineColumn) =>
    column === "number_of_trades" || isTime(column) && time === "ms";
  const write = (c: KlineColumn) => !isTime(c) ? c : time === "ms" ? msTime(c) : isoTime(c);
  // `%s` writes null as an empty text.
  const canLack = (c: KlineColumn) => isImported && LACKING_COLUMNS.includes(c);
  const orNull = (c: KlineColumn) =>
    `coalesce(${isNumber(c) ? `${write(c)}::text` : `'"' || ${write(c)} || '"'`}, 'null')`;
  return {
    pattern: KLINE_COLUMNS.map((c) => `"${c}":${isNumber(c) || canLack(c) ? "%s" : '"%s"'}`)
      .concat(isImported ? ['"source":"%s"'] : []).join(),
    values: KLINE_COLUMNS.map((c) => canLack(c) ? orNull(c) : write(c))
      .concat(isImported ? ["source"] : []).join(),
  };
}

/** `copy (…) to stdout` with the candles of a series as typed fields. */
export function copyTuples(slice: Slice, sizes: ReadonlyMap<KlineColumn, DecimalSize>): string {
  const fields = KLINE_COLUMNS.map((column) => {
    if (isTime(column)) return msTime(column);
    if (column === "number_of_trades") return column;
    const size = sizes.get(column);
    if (size === undefined) return `${column}::text`;
    const whole = `(${column} * 1e${size.scale})`;
    return size.precision <= INT8_DIGITS ? `${whole}::bigint` : `trunc(${whole})::text`;
  });
  if (slice.isImported) fields.push("source");
  return `copy (select ${fields} from ${rowsOf(slice)} order by k.open_time)
    to stdout (format binary)`;
}

/** Common beginning of statements that read a whole export and are not a COPY. */
export const MEASURING = "/* export */";

/** Largest value and number of decimal places per decimal column; null without rows. */
export function selectDigits(slice: Slice): string {
  const digits = DECIMAL_COLUMNS.flatMap((c) => [
    `max(abs(${c}))::text as ${c}_largest`,
    `max(scale(${c})) as ${c}_scale`,
  ]);
  return `${MEASURING} select ${digits} from ${rowsOf(slice)}`;
}

/** The same with the number of candles and their ends. */
export function selectSurvey(slice: Slice): string {
  return selectDigits(slice).replace(
    "select ",
    "select count(*) as rows, min(open_time) as first, max(open_time) as last, ",
  );
}

/** Beginnings of the periods with rows, as `begin`. */
export function selectPeriods(slice: Slice, period: Period): string {
  return `${MEASURING} select distinct
      date_trunc('${period}', open_time at time zone 'UTC') at time zone 'UTC' as begin
    from ${rowsOf(slice)} order by begin`;
}

/** Rows of `open_time` and `bytes`: CSV lines in blocks of `size` rows, ascending. */
export function selectBlocks(slice: Slice, { time, isNamed }: LineLayout, size: number): string {
  const ISO_BYTES = 24;
  const { isImported = false } = slice;
  const lengths = KLINE_COLUMNS.map((column) => {
    const canLack = isImported && LACKING_COLUMNS.includes(column);
    const isIso = isTime(column) && time === "iso";
    if (isIso) {
      return canLack ? `case when ${column} is null then 0 else ${ISO_BYTES} end` : ISO_BYTES;
    }
    const length = `octet_length(${isTime(column) ? msTime(column) : column}::text)`;
    return canLack ? `coalesce(${length}, 0)` : length;
  });
  if (isImported) lengths.push("1 + octet_length(source)");
  const separators = KLINE_COLUMNS.length; // commas and the line end
  const names = isNamed
    ? `(select octet_length(symbol) from symbols where symbol_id = ${slice.symbolId})
       + ${slice.interval.length + 2}`
    : "0";
  return `${MEASURING} select min(open_time) as open_time, sum(bytes)::bigint as bytes from (
      select open_time, ${lengths.join(" + ")} + ${separators} + ${names} as bytes,
        (row_number() over (order by open_time) - 1) / ${size} as block
      from ${rowsOf(slice)}
    ) lines group by block order by block`;
}
