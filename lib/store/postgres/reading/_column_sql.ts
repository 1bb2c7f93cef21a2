import { epochMs } from "./time_bound.ts";
import { KLINE_COLUMNS } from "../../../core/kline.ts";

/** Times as epoch ms, so that all columns are numbers. */
export const AS_NUMBERS = KLINE_COLUMNS.map((column) =>
  column.endsWith("_time") ? `${epochMs(column)} as ${column}` : column
);

/** Each column is one text that is parsed at once, three times as fast as rows. */
export const AS_COLUMNS = KLINE_COLUMNS.map((column) =>
  `coalesce(json_agg(${column} order by open_time), '[]') as ${column}`
);
