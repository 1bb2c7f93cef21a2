import { type EpochMs, toIso } from "../core/time.ts";
import type { Db } from "../store/postgres/connection/database.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";

const MAJORS = "BTC ETH BNB SOL XRP ADA DOGE TRX AVAX LINK".split(" ");

/** Ten well-known symbols, then `C10USDT`, `C11USDT`, …. */
export function listedSymbols(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${MAJORS[i] ?? `C${i}`}USDT`);
}

export interface SymbolFill {
  readonly symbols: readonly string[];
  /** Open time of the newest hourly candle. */
  readonly newest: EpochMs;
}

/**
 * Stores series of `symbols` at 1h, 4h and 1d, and 30 hourly candles of each symbol but the last,
 * 300 of the first.
 * Written by PostgreSQL at once, because the store's own way would take minutes.
 */
export async function fillSymbols(db: Db, { symbols, newest }: SymbolFill): Promise<void> {
  await db.query(
    `insert into symbols (symbol, base_asset, quote_asset, status, tick_size)
     select symbol, regexp_replace(symbol, 'USDT$', ''), 'USDT', 'TRADING', 0.01
     from unnest($1::text[]) as wanted(symbol)`,
    [symbols],
  );
  const runId = await createRunLedger(db).start("test", "rest");
  await db.query(
    `insert into series (symbol_id, interval, version, row_count, first_open_time, last_open_time)
     select symbol_id, wanted.interval, 1, 30, $1::timestamptz - interval '299 hours', $1
     from symbols, unnest(array['1h', '4h', '1d']) as wanted(interval)`,
    [toIso(newest)],
  );
  await db.query(
    `insert into klines (symbol_id, interval, open_time, open_price, high_price, low_price,
       close_price, volume, close_time, quote_asset_volume, number_of_trades,
       taker_buy_base_asset_volume, taker_buy_quote_asset_volume, run_id, stored_at, change_seq)
     select symbol_id, '1h', opened, 100 + n % 7, 112.5 + n % 11, 91.25 - n % 5, 101 + n % 3, 5 + n % 13, opened + interval '1 hour' -
       interval '1 millisecond', 500, 7, 2, 200, $3, now(), 1
     from symbols, generate_series(0, 299) n,
       lateral (select $1::timestamptz - n * interval '1 hour' as opened) at
     where symbol <> $2 and (symbol = $4 or opened > $1::timestamptz - interval '30 hours')`,
    [toIso(newest), symbols.at(-1), runId, symbols[0]],
  );
}
