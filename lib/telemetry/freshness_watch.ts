import { describeError } from "../core/errors.ts";
import { freshnessOf } from "../core/freshness.ts";
import { type Series, seriesName } from "../core/kline.ts";
import type { AlertSender, FreshnessAlert, FreshnessAlerts } from "../ports/freshness_alerts.ts";
import type { Clock, Logger } from "../ports/host.ts";
import type { KlineReader } from "../ports/kline_reader.ts";
import type { ExchangeStatus } from "../ports/kline_source.ts";

export interface FreshnessWatchDeps {
  readonly reader: KlineReader;
  readonly exchange: ExchangeStatus;
  readonly alerts: FreshnessAlerts;
  readonly send: AlertSender;
  readonly clock: Clock;
  readonly log: Logger;
  /** Collected series only: a series that is no longer collected becomes stale without an alert. */
  readonly listSeries: () => Promise<readonly Series[]>;
}

/** Attempts per check; alerts that still fail are retried by the next check. */
const ATTEMPTS = 3;

/**
 * Checks every collected series and reports each that became stale or recovered since the last
 * check: once over all instances, and repeatedly until the receiver accepts it.
 */
export async function watchFreshness(deps: FreshnessWatchDeps, signal: AbortSignal): Promise<void> {
  await raiseAlerts(deps);
  for (let attempt = 1;; attempt++) {
    const failed = [];
    for (const alert of await deps.alerts.claim(deps.clock.now())) {
      if (!await deliver(deps, alert, signal)) failed.push(alert);
    }
    if (failed.length === 0 || attempt === ATTEMPTS) return;
    const next = Math.max(...failed.map((alert) => alert.nextAttemptAt));
    await deps.clock.sleep(Math.max(0, next - deps.clock.now()), signal);
  }
}

async function raiseAlerts({ reader, exchange, alerts, clock, listSeries }: FreshnessWatchDeps) {
  const wanted = new Set((await listSeries()).map(seriesName));
  const serverTime = exchange.serverTime();
  const states = (await reader.extents()).flatMap((one) => {
    const { symbol, interval, status, lastOpenTime } = one;
    const isOver = status !== "TRADING"; // no candle is expected
    if (!wanted.has(seriesName(one)) || isOver || lastOpenTime === undefined) return [];
    const isStale = freshnessOf(lastOpenTime, interval, serverTime) === "stale";
    return [{ symbol, interval, lastOpenTime, isStale }];
  });
  await alerts.raise(states, clock.now());
}

async function deliver(
  { alerts, send, clock, log }: FreshnessWatchDeps,
  alert: FreshnessAlert,
  signal: AbortSignal,
): Promise<boolean> {
  const what = `${seriesName(alert)} ${alert.event}`;
  try {
    await send(alert, signal);
    await alerts.settle(alert.alertId, clock.now(), undefined);
    log.info(`Webhook notified: ${what}`);
    return true;
  } catch (error) {
    const reason = describeError(error);
    log.warn(`Cannot notify the webhook of ${what}: ${reason}`);
    await alerts.settle(alert.alertId, clock.now(), reason);
    return false;
  }
}
