import type { Interval } from "../../core/interval.ts";
import { type EpochMs, toIso } from "../../core/time.ts";
import type {
  FreshnessAlert,
  FreshnessAlerts,
  SeriesFreshness,
} from "../../ports/freshness_alerts.ts";
import type { Db, Transaction } from "./connection/database.ts";

/** An advisory lock number that wick uses for nothing else. */
const LOCK_KEY = 0x77_69_61_6c; // "wial"

/** Alerts in PostgreSQL: raised once over all instances, delivered by the first that claims them. */
export function createFreshnessAlerts(db: Db): FreshnessAlerts {
  return {
    raise: (states, now) => db.transaction((tx) => raise(tx, states, now)),
    claim: (now) => claim(db, now),
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

/** A series without alerts counts as recovered. */
async function raise(tx: Transaction, states: readonly SeriesFreshness[], now: EpochMs) {
  await tx.query("select pg_advisory_xact_lock($1)", [LOCK_KEY]);
  await tx.query(
    `insert into freshness_alerts
       (symbol_id, interval, event, last_open_time, raised_at, next_attempt_at)
     select symbol_id, i.interval, i.event, i.last_open_time, $5, $5
     from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
       as i(symbol, interval, event, last_open_time)
     join symbols using (symbol)
     where i.event is distinct from coalesce((
       select event from freshness_alerts a
       where a.symbol_id = symbols.symbol_id and a.interval = i.interval
       order by alert_id desc limit 1
     ), 'recovered')`,
    [
      states.map((one) => one.symbol),
      states.map((one) => one.interval),
      states.map((one) => one.isStale ? "stale" : "recovered"),
      states.map((one) => toIso(one.lastOpenTime)),
      toIso(now),
    ],
  );
}

/** Attempts at one alert; with the pauses below they span half a day. */
const MAX_ATTEMPTS = 20;

async function claim(db: Db, now: EpochMs): Promise<FreshnessAlert[]> {
  const rows = await db.query<{
    alert_id: number;
    symbol: string;
    interval: Interval;
    event: FreshnessAlert["event"];
    last_open_time: EpochMs;
    raised_at: EpochMs;
    next_attempt_at: EpochMs;
  }>(
    `update freshness_alerts a set attempts = attempts + 1,
       next_attempt_at = $1::timestamptz
         + least(interval '1 hour', interval '15 seconds' * 2 ^ attempts)
     from symbols s
     where s.symbol_id = a.symbol_id and alert_id in (
       select alert_id from freshness_alerts
       where delivered_at is null and next_attempt_at <= $1 and attempts < $2
       order by alert_id limit 100 for update skip locked
     )
     returning alert_id, symbol, interval, event, last_open_time, raised_at, next_attempt_at`,
    [toIso(now), MAX_ATTEMPTS],
  );
  return rows.map((row) => ({
    alertId: row.alert_id,
    symbol: row.symbol,
    interval: row.interval,
    event: row.event,
    lastOpenTime: row.last_open_time,
    raisedAt: row.raised_at,
    nextAttemptAt: row.next_attempt_at,
  })).sort((a, b) => a.alertId - b.alertId);
}
