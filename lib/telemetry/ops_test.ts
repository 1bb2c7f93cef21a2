import assert from "node:assert/strict";
import { metricsText } from "../testing/metric_moment.ts";
import { createMetrics } from "./metrics.ts";

const read = (path: string) => Deno.readTextFileSync(new URL(`../../ops/${path}`, import.meta.url));

/** All metric names of `/metrics`. */
async function writtenNames(): Promise<Set<string>> {
  const metrics = createMetrics(() =>
    Promise.resolve({
      up: { database: true },
      series: [],
      disputes: [],
      proofs: [],
      viewers: 1,
      successes: [],
      budget: { used: 1, limit: 2, ban: undefined },
      streams: undefined,
      replicaLagMs: 1,
      serverTime: 0,
    })
  );
  metrics.record({ kind: "run", job: "collect", outcome: "done", seconds: 1 });
  metrics.record({ kind: "query", server: "primary", outcome: "ok", seconds: 1 });
  metrics.record({ kind: "request", method: "GET", route: "/", status: 200, seconds: 1 });
  const body = await metricsText(metrics);
  const samples = [...body.matchAll(/^(\w+)[{ ]/gm)].map((match) => match[1]!);
  const declared = [...body.matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1]!);
  return new Set([...samples, ...declared]);
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const dashboard: { panels: readonly Panel[] } = JSON.parse(read("grafana-dashboard.json"));
const rules = read("prometheus-alerts.yml");

Deno.test("every metric in the dashboard and in the alert rules exists in /metrics", async () => {
  const names = await writtenNames();
  const used = dashboard.panels.flatMap((panel) => panel.targets.map((target) => target.expr));
  for (const text of [...used, rules]) {
    for (const [name] of text.matchAll(/\b(wick|process|nodejs)_\w+/g)) {
      assert.ok(names.has(name), `${name} in ${text.slice(0, 200)}`);
    }
  }
  assert.ok(used.length >= 20);
});

Deno.test("the dashboard shows every metric of wick", async () => {
  const text = JSON.stringify(dashboard);
  for (const name of await writtenNames()) {
    if (!name.startsWith("wick_") || /_(bucket|sum|count)$/.test(name)) continue;
    assert.ok(text.includes(name), name);
  }
});

Deno.test("every alert has a duration, a severity and a description", () => {
  const alerts = rules.split("- alert: ").slice(1);
  assert.ok(alerts.length >= 10);
  for (const alert of alerts) {
    for (const part of [/\n\s+expr: /, /\n\s+for: \d+[mh]/, /severity: (info|warning|critical)/]) {
      assert.match(alert, part);
    }
    assert.match(alert, /summary: "/);
  }
});
