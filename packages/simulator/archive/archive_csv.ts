import type { EpochMs } from "../../../lib/core/time.ts";
import type { CandleRow } from "../market/candle_block.ts";
import { fromUnits, toUnits } from "../market/fixed_point.ts";
import { type KlineRow, parseRow } from "../market/kline_row.ts";

/** Candles that open from here on carry microseconds. */
export const MICROSECONDS_SINCE: EpochMs = Date.UTC(2025, 0);

const HEADER = "open_time,open,high,low,close,volume,close_time,quote_volume,count," +
  "taker_buy_volume,taker_buy_quote_volume,ignore\n";

export interface CsvForm {
  readonly hasHeader: boolean;
  /** Whether every tenth row shows another volume than the API does. */
  readonly isAltered: boolean;
}

export function toCsv(rows: readonly CandleRow[], { hasHeader, isAltered }: CsvForm): string {
  const lines = rows.map((row, i) => {
    const fields = parseRow(row.text);
    if (isAltered && i % 10 === 0) fields[5] = doubled(fields[5]);
    return toLine(fields);
  });
  return (hasHeader ? HEADER : "") + lines.join("");
}

function toLine(fields: KlineRow): string {
  if (fields[0] >= MICROSECONDS_SINCE) {
    fields[0] *= 1000;
    fields[6] = fields[6] * 1000 + 999;
  }
  return fields.join(",") + "\n";
}

function doubled(decimal: string): string {
  return fromUnits(2n * toUnits(decimal));
}
