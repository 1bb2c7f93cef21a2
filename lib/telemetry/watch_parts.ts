import { AppError } from "../core/errors.ts";
import type { Leases } from "../ports/boards.ts";
import type { KlineExporter } from "../ports/kline_exporter.ts";
import type { RunLedger } from "../ports/run_ledger.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { inSpan } from "../trace.ts";

// Each function wraps a part and reports its calls to `telemetry`.

export function watchExporter(exporter: KlineExporter, telemetry: Telemetry): KlineExporter {
  return {
    describe: (query) => exporter.describe(query),
    async open(query) {
      const { format } = query;
      try {
        const open = await exporter.open(query);
        const rows = open.heads.reduce((sum, head) => sum + head.rows, 0);
        telemetry.record({ kind: "export", format, outcome: "begun", rows });
        return open;
      } catch (error) {
        const code = error instanceof AppError ? error.code : undefined;
        if (code === "not_found") throw error; // no export of anything
        const outcome = code === "busy" ? "busy" : "failed";
        telemetry.record({ kind: "export", format, outcome, rows: 0 });
        throw error;
      }
    },
  };
}

export function watchRuns(runs: RunLedger, telemetry: Telemetry): RunLedger {
  const running = new Map<number, { job: string; start: number }>();
  return {
    requireMarket: () => runs.requireMarket(),
    async start(job, source) {
      const runId = await runs.start(job, source);
      running.set(runId, { job, start: performance.now() });
      return runId;
    },
    async finish(runId, result) {
      const run = running.get(runId);
      running.delete(runId);
      if (run) {
        const seconds = (performance.now() - run.start) / 1_000;
        telemetry.record({ kind: "run", job: run.job, outcome: result.outcome, seconds });
      }
      await runs.finish(runId, result);
    },
    note: (runId, note) => runs.note(runId, note),
    refuse: (runId, series, file) => runs.refuse(runId, series, file),
    async skip(job) {
      telemetry.record({ kind: "run", job, outcome: "skipped" });
      await runs.skip(job);
    },
    prune: () => runs.prune(),
  };
}

/** Creates a span for the work under each lease. */
export function traceLeases(leases: Leases): Leases {
  return {
    hold: (name, signal, work) =>
      leases.hold(name, signal, (own) => inSpan(`job ${name}`, {}, () => work(own))),
  };
}
