import assert from "node:assert/strict";
import type { Context } from "fresh";
import type { TelemetryEvent } from "../ports/telemetry.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { metricsText, moment } from "../testing/metric_moment.ts";
import { silent } from "../testing/database/postgres.ts";
import type { State } from "./define.ts";
import { logRequest } from "./request_log.ts";

/** Passes a request of each method through the middleware; returns the recorded telemetry. */
async function recordRequests(methods: readonly string[]): Promise<TelemetryEvent[]> {
  const events: TelemetryEvent[] = [];
  const telemetry = { record: (event: TelemetryEvent) => void events.push(event) };
  for (const method of methods) {
    const context = {
      req: new Request("http://wick.test/charts", { method }),
      url: new URL("http://wick.test/charts"),
      route: "/charts",
      state: { services: { log: silent, telemetry } },
      next: () => Promise.resolve(new Response(null, { status: 405 })),
    };
    await logRequest(context as unknown as Context<State>);
  }
  return events;
}

Deno.test("logRequest() counts unknown methods under one label, so that /metrics does not grow", async () => {
  const metrics = createMetrics(() => Promise.resolve(moment));
  for (const event of await recordRequests(["GET", "OPTIONS", "FOO"])) metrics.record(event);
  const before = await metricsText(metrics);
  const invented = Array.from({ length: 3_000 }, (_, i) => `X${i}`);
  for (const event of await recordRequests(invented)) metrics.record(event);
  const after = await metricsText(metrics);
  const lines = (text: string) => text.split("\n").length;
  assert.equal(lines(after), lines(before));
  const labels = new Set([...after.matchAll(/method="([^"]+)"/g)].map((match) => match[1]));
  assert.deepEqual([...labels].sort(), ["GET", "OPTIONS", "_OTHER"]);
  assert.match(after, /_count\{method="_OTHER",route="\/charts",status="405"\} 3001/);
});
