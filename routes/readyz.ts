import { within } from "../lib/core/deadline.ts";
import { describeError } from "../lib/core/errors.ts";
import { freshnessOf } from "../lib/core/freshness.ts";
import { seriesName } from "../lib/core/kline.ts";
import { withOfflineAdvice } from "../lib/core/text/offline_words.ts";
import { toIso } from "../lib/core/time.ts";
import { define, type Services } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";

/**
 * Load balancers give up after a few seconds: a check without a result by then counts as failed.
 */
const WITHIN_MS = 1_200;
const SERIES_WITHIN_MS = 600;

/**
 * GET /readyz → 200 when database and KV are usable, otherwise 503 with the reason; the rest is
 * informational.
 */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { services } = ctx.state;
    const [database, kv, maintenance, failing, machine] = await Promise.all([
      services.pingDatabase(WITHIN_MS).then(() => "ok", describeError),
      inTime(services.pingKv()).catch(describeError),
      inTime(services.maintenance()).catch(() => undefined),
      inTime(services.failing()).catch(() => []),
      inTime(services.machine()).catch(() => undefined),
    ]);
    const series = database !== "ok"
      ? null
      : await inTime(countFreshness(services), SERIES_WITHIN_MS).catch(() => null);
    const isReady = database === "ok" && /^(ok$|in memory)/.test(kv);
    const { exchange, now } = services;
    const body = {
      status: isReady ? "ready" : "not ready",
      database,
      kv,
      exchange: withOfflineAdvice(exchange.read().failure?.message ?? "ok"),
      clock_offset_ms: Math.round(exchange.serverTime() - now()),
      disk_free_bytes: machine?.disk?.freeBytes ?? null,
      maintenance: maintenance === undefined
        ? null
        : { ...maintenance, since: toIso(maintenance.since) },
      failing: Object.fromEntries(failing.map((one) => [seriesName(one), one.message])),
      series,
    };
    const headers = { "cache-control": "no-store", ...isReady ? {} : { "retry-after": "5" } };
    return Response.json(body, { status: isReady ? 200 : 503, headers });
  },
}));

function inTime<T>(work: Promise<T>, ms = WITHIN_MS): Promise<T> {
  return within(work, ms, () => new Error(`no answer within ${ms / 1_000} s`));
}

async function countFreshness({ reader, exchange }: Services): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const serverTime = exchange.serverTime();
  for (const { lastOpenTime, interval, series } of await reader.newestTimes()) {
    const freshness = freshnessOf(lastOpenTime, interval, serverTime);
    counts[freshness] = (counts[freshness] ?? 0) + series;
  }
  return counts;
}
