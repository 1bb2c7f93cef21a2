import { AppError } from "../core/errors.ts";
import { seriesName } from "../core/kline.ts";
import { SECOND_MS, toIso } from "../core/time.ts";
import { describeRedirect } from "../outbound/read_body.ts";
import type { AlertSender, FreshnessAlert } from "../ports/freshness_alerts.ts";

const TIMEOUT_MS = 10 * SECOND_MS;

/** Posts alerts as JSON to the configured URL, which is secret and kept out of errors. */
export function createWebhook(url: string, fetch: typeof globalThis.fetch): AlertSender {
  const { host } = new URL(url);
  return async (alert, signal) => {
    let answer: string;
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(toPayload(alert)),
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      answer = describeRedirect(response) ?? `HTTP ${response.status}`;
      if (response.ok) return;
    } catch {
      throw new AppError("exchange_unavailable", `Cannot reach the webhook at ${host}`);
    }
    throw new AppError("exchange_unavailable", `Cannot post to ${host}: ${answer}`);
  };
}

/** `text` is displayed by Slack, Mattermost and Google Chat, `content` by Discord. */
function toPayload(alert: FreshnessAlert) {
  const { alertId, symbol, interval, event, lastOpenTime, raisedAt } = alert;
  const newest = `the newest candle opened ${toIso(lastOpenTime)}`;
  const text = event === "stale"
    ? `${seriesName(alert)} is stale: ${newest}`
    : `${seriesName(alert)} has recovered: ${newest}`;
  return {
    id: alertId,
    event: `series_${event}`,
    symbol,
    interval,
    last_open_time: lastOpenTime,
    raised_at: raisedAt,
    text,
    content: text,
  };
}
