import { AppError } from "../../core/errors.ts";
import { type EpochMs, toIso } from "../../core/time.ts";
import type { Db, Queryable } from "./connection/database.ts";

/**
 * Applies `HISTORY_SINCE` to the database (0: all of history). After a change, gaps that begin
 * before it are deleted, and every series is scanned again.
 */
export async function setHistorySince(db: Db, since: EpochMs): Promise<void> {
  const time = since === 0 ? null : toIso(since);
  await db.transaction(async (tx) => {
    const [held] = await tx.query<{ since: EpochMs | null }>(
      "select history_since as since from terms",
    );
    if ((held?.since ?? 0) === since) return;
    await tx.query(
      `insert into terms (history_since) values ($1)
       on conflict (is_only) do update set history_since = excluded.history_since`,
      [time],
    );
    await tx.query("delete from gaps where from_time < $1", [time]);
    await tx.query("update series set scanned_version = null");
  });
}

/**
 * Binds the database to the market of its candles; a database without candles may change it.
 * @throws `invalid_input` when the stored candles come from another market
 */
export async function claimMarket(db: Queryable, market: string): Promise<void> {
  const [known] = await db.query<{ market: string | null }>("select market from terms");
  if (known?.market === market) return;
  const stored = await db.query("select 1 as one from series where row_count > 0 limit 1");
  const [held] = await db.query<{ market: string | null }>(
    `insert into terms as held (market) values ($1)
     on conflict (is_only) do update set market = case
       when held.market is null or not $2::boolean then $1 else held.market end
     returning market`,
    [market, stored.length > 0],
  );
  if (held!.market === market) return;
  throw new AppError(
    "invalid_input",
    `Cannot collect from market ${market}: the database holds candles of market ${held!.market}, ` +
      "and mixing two markets would corrupt both; set another DATABASE_URL or DATA_DIR, or, if " +
      `BINANCE_URLS serves the same market, BINANCE_MARKET=${held!.market}`,
  );
}
