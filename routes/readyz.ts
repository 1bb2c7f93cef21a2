import { describeError } from "../lib/core/errors.ts";
import { freshnessOf } from "../lib/core/freshness.ts";
import { define, type Services } from "../lib/web/define.ts";
import { byMethod } from "../lib/web/methods.ts";

/** GET /readyz → 200 when database and KV answer, else 503 with the reason; freshness in the body. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { services } = ctx.state;
    const [database, kv] = await Promise.all([
      probe(services.pingDatabase),
      probe(services.pingKv),
    ]);
    const isReady = database === "ok" && kv === "ok";
    const body = {
      status: isReady ? "ready" : "not ready",
      database,
      kv,
      exchange: services.exchange.read().failure?.message ?? "ok",
      series: database === "ok" ? await countFreshness(services).catch(describeError) : null,
    };
    const headers = { "cache-control": "no-store" };
    return Response.json(body, { status: isReady ? 200 : 503, headers });
  },
}));

async function probe(ping: () => Promise<void>): Promise<string> {
  return await ping().then(() => "ok", describeError);
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
