import { KLINE_COLUMNS } from "../../core/kline.ts";

/** SQL of the candles to select. */
export interface SourcedSlice {
  /** A condition on the key. */
  readonly condition: string;
  /** The first two columns of the key. */
  readonly symbolId: string;
  readonly interval: string;
  /** `asc limit …` */
  readonly order: string;
}

/**
 * Candles of the exchange, and imported ones where none of the exchange is stored, each with its
 * `source`. Each part is ordered, so that ordering the whole the same way merges them along their
 * keys and sorts nothing.
 */
export function withImported({ condition, symbolId, interval, order }: SourcedSlice): string {
  const select = (source: string) => `select ${KLINE_COLUMNS}, '${source}'::text as source`;
  return `(${select("exchange")} from klines where ${condition} order by open_time ${order})
    union all
    (${select("imported")} from imported_klines i
    where ${condition} and ${lacksExchange({ symbolId, interval })} order by open_time ${order})`;
}

/**
 * True if no candle of the exchange is stored for the imported candle `i`. Looked up for each: as a
 * join, which PostgreSQL expects to leave nothing, the whole series is read for its newest candles.
 */
export function lacksExchange(
  { symbolId, interval }: Pick<SourcedSlice, "symbolId" | "interval">,
): string {
  return `(select k.open_time from klines k
      where k.symbol_id = ${symbolId} and k.interval = ${interval} and k.open_time = i.open_time
    ) is null`;
}
