import { describeError } from "../lib/core/errors.ts";
import { freshnessOf } from "../lib/core/freshness.ts";
import { seriesName } from "../lib/core/kline.ts";
import { withOfflineAdvice } from "../lib/core/offline_words.ts";
import { toIso } from "../lib/core/time.ts";
import { define, type Services } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";

/** GET /readyz → 200 when database and KV answer, else 503 with the reason; freshness in the body. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { services } = ctx.state;
    const [database, kv, maintenance, failing] = await Promise.all([
      probe(services.pingDatabase),
      probe(services.pingKv),
      services.maintenance().catch(() => undefined),
      services.failing().catch(() => []),
    ]);
    const isReady = database === "ok" && /^(ok$|in memory)/.test(kv);
    const body = {
      status: isReady ? "ready" : "not ready",
      database,
      kv,
      exchange: withOfflineAdvice(services.exchange.read().failure?.message ?? "ok"),
      maintenance: maintenance === undefined
        ? null
        : { ...maintenance, since: toIso(maintenance.since) },
      failing: Object.fromEntries(failing.map((one) => [seriesName(one), one.message])),
      series: database === "ok" ? await countFreshness(services).catch(describeError) : null,
    };
    const headers = { "cache-control": "no-store" };
    return Response.json(body, { status: isReady ? 200 : 503, headers });
  },
}));

async function probe(ping: () => Promise<string | void>): Promise<string> {
  return await ping().then((answer) => answer || "ok", describeError);
}

async function countFreshness({ reader, exchange }: Services): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const serverTime = exchange.serverTime();
  for (const { lastOpenTime, interval } of await reader.extents()) {
    const freshness = freshnessOf(lastOpenTime, interval, serverTime);
    counts[freshness] = (counts[freshness] ?? 0) + 1;
  }
  return counts;
}
