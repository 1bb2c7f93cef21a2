import type { Interval } from "../../core/interval.ts";
import { type EpochMs, HOUR_MS, SECOND_MS, toIso } from "../../core/time.ts";
import type {
  FreshnessAlert,
  FreshnessAlerts,
  SeriesFreshness,
} from "../../ports/freshness_alerts.ts";
import type { Db, Transaction } from "./connection/database.ts";

/** An advisory lock number that wick uses for nothing else. */
const LOCK_KEY = 0x77_69_61_6c; // "wial"

/**
 * Alerts in PostgreSQL: raised once over all instances, delivered by the first that claims them.
 */
export function createFreshnessAlerts(db: Db): FreshnessAlerts {
  return {
    raise: (states, now) => db.transaction((tx) => raise(tx, states, now)),
    claim: (now) => db.transaction((tx) => claim(tx, now)),
    async settle(alertId, now, error) {
      await db.query(
        `update freshness_alerts set error = $3,
           delivered_at = case when $3::text is null then $2::timestamptz end
         where alert_id = $1`,
        [alertId, toIso(now), error ?? null],
      );
    },
  };
}

/**
 * Adds an alert for each series whose state is not that of its newest alert. A series without
 * alerts counts as recovered. Symbols are looked up apart: on Citus this table cannot be joined
 * with theirs.
 */
async function raise(tx: Transaction, states: readonly SeriesFreshness[], now: EpochMs) {
  await tx.query("select pg_advisory_xact_lock($1)", [LOCK_KEY]);
  const symbols = await tx.query<{ symbol: string; symbol_id: number }>(
    "select symbol, symbol_id from symbols where symbol = any($1)",
    [states.map((one) => one.symbol)],
  );
  const ids = new Map(symbols.map(({ symbol, symbol_id }) => [symbol, symbol_id]));
  const newest = await tx.query<{ symbol_id: number; interval: Interval; event: string }>(
    `select distinct on (symbol_id, interval) symbol_id, interval, event from freshness_alerts
     where symbol_id = any($1) order by symbol_id, interval, alert_id desc`,
    [[...ids.values()]],
  );
  const known = new Map(newest.map((one) => [`${one.symbol_id} ${one.interval}`, one.event]));
  const raised = states.flatMap(({ symbol, interval, isStale, lastOpenTime }) => {
    const symbolId = ids.get(symbol);
    const event = isStale ? "stale" : "recovered";
    const before = known.get(`${symbolId} ${interval}`) ?? "recovered";
    if (symbolId === undefined || event === before) return [];
    return [{ symbolId, interval, event, lastOpenTime }];
  });
  if (raised.length === 0) return;
  await tx.query(
    `insert into freshness_alerts
       (symbol_id, interval, event, last_open_time, raised_at, next_attempt_at)
     select i.*, $5::timestamptz, $5::timestamptz
     from unnest($1::int[], $2::text[], $3::text[], $4::timestamptz[])
       as i(symbol_id, interval, event, last_open_time)`,
    [
      raised.map((one) => one.symbolId),
      raised.map((one) => one.interval),
      raised.map((one) => one.event),
      raised.map((one) => toIso(one.lastOpenTime)),
      toIso(now),
    ],
  );
}

/** Attempts at one alert; with the pauses below they span half a day. */
const MAX_ATTEMPTS = 20;

const nextAttemptAt = (now: EpochMs, attempts: number): EpochMs =>
  now + Math.min(HOUR_MS, 15 * SECOND_MS * 2 ** attempts);

interface AlertRow {
  readonly alert_id: number;
  readonly symbol_id: number;
  readonly interval: Interval;
  readonly event: FreshnessAlert["event"];
  readonly last_open_time: EpochMs;
  readonly raised_at: EpochMs;
  readonly attempts: number;
}

/** Statements of constants only: Citus refuses an update that computes a time from a column. */
async function claim(tx: Transaction, now: EpochMs): Promise<FreshnessAlert[]> {
  const rows = await tx.query<AlertRow>(
    `select alert_id, symbol_id, interval, event, last_open_time, raised_at, attempts
     from freshness_alerts
     where delivered_at is null and next_attempt_at <= $1 and attempts < $2
     order by alert_id limit 100 for update skip locked`,
    [toIso(now), MAX_ATTEMPTS],
  );
  if (rows.length === 0) return [];
  for (const [attempts, alike] of Map.groupBy(rows, (row) => row.attempts)) {
    await tx.query(
      "update freshness_alerts set attempts = $2, next_attempt_at = $3 where alert_id = any($1)",
      [alike.map((row) => row.alert_id), attempts + 1, toIso(nextAttemptAt(now, attempts))],
    );
  }
  const symbols = await tx.query<{ symbol: string; symbol_id: number }>(
    "select symbol, symbol_id from symbols where symbol_id = any($1)",
    [rows.map((row) => row.symbol_id)],
  );
  const names = new Map(symbols.map(({ symbol, symbol_id }) => [symbol_id, symbol]));
  return rows.map((row) => ({
    alertId: row.alert_id,
    symbol: names.get(row.symbol_id)!,
    interval: row.interval,
    event: row.event,
    lastOpenTime: row.last_open_time,
    raisedAt: row.raised_at,
    nextAttemptAt: nextAttemptAt(now, row.attempts),
  }));
}
