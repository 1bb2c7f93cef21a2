import type { WriteCount } from "../../../ports/kline_store.ts";
import type { RunLedger } from "../../../ports/run_ledger.ts";
import type { Run } from "../../../ports/status_reader.ts";
import type { EpochMs } from "../../../core/time.ts";
import { PUBLIC_MARKET } from "../../../core/public_market.ts";
import type { Db } from "../connection/database.ts";
import { recordRefusal } from "./disputes_postgres.ts";
import { claimMarket } from "../terms_postgres.ts";

/** Tables that name runs, beside candles. */
const NAMED_BY = [
  ["kline_revisions", "replaced_by"],
  ["kline_conflicts", "run_id"],
  ["refused_files", "run_id"],
] as const;
/** Runs deleted at a time. */
const PRUNED = 10_000;

/** Runs that store candles are rejected when the database holds those of another market. */
export function createRunLedger(db: Db, market = PUBLIC_MARKET): RunLedger {
  const requireMarket = () => claimMarket(db, market);
  return {
    requireMarket,
    async start(job, source) {
      // A file does not name its market.
      if (source !== undefined && source !== "file") await requireMarket();
      const [row] = await db.query<{ run_id: number }>(
        "insert into runs (job, source) values ($1, $2) returning run_id",
        [job, source ?? null],
      );
      return row!.run_id;
    },
    async finish(runId, result) {
      await db.query(
        `update runs set finished_at = now(), fetched = $2, new = $3, corrected = $4,
           unchanged = $5, requests = $6, weight = $7, simulated = $8, error = $9,
           outcome = $10, is_idle = $11 and source is distinct from 'file'
         where run_id = $1`,
        [
          runId,
          result.fetched,
          result.new,
          result.corrected,
          result.unchanged,
          result.requests,
          result.weight,
          result.simulated ?? null,
          result.error ?? null,
          result.outcome,
          result.isCounted && isIdle(result),
        ],
      );
    },
    async note(runId, note) {
      await db.query("update runs set note = $2 where run_id = $1", [runId, note]);
    },
    refuse: (runId, series, file) => recordRefusal(db, runId, series, file),
    async skip(job) {
      await db.query(
        `insert into runs (job, finished_at, outcome, is_idle)
         values ($1, now(), 'skipped', true)`,
        [job],
      );
    },
    prune: () => pruneRuns(db),
  };
}

/** True if no candle, revision or conflict names the run. */
function isIdle({ new: added, corrected, conflicts = 0, confirmed = 0 }: WriteCount): boolean {
  return added + corrected + conflicts + confirmed === 0;
}

/** See `RunLedger.prune`. The first run stays: it dates the beginning of collecting. */
async function pruneRuns(db: Db): Promise<number> {
  const idle = await db.query<{ run_id: number }>(
    `select run_id from runs
     where is_idle and note is null and started_at < now() - interval '7 days'
       and (outcome = 'skipped' or started_at < now() - interval '30 days')
       and run_id > (select min(run_id) from runs)
     order by started_at limit $1`,
    [PRUNED],
  );
  if (idle.length === 0) return 0;
  const ids = idle.map(({ run_id }) => run_id);
  const named = new Set<number>();
  for (const [table, column] of NAMED_BY) {
    const rows = await db.query<{ run_id: number }>(
      `select distinct ${column} as run_id from ${table} where ${column} = any($1)`,
      [ids],
    );
    for (const { run_id } of rows) named.add(run_id);
  }
  if (named.size > 0) {
    await db.query("update runs set is_idle = false where run_id = any($1)", [[...named]]);
  }
  const gone = await db.query(
    "delete from runs where run_id = any($1) and is_idle returning run_id",
    [ids],
  );
  return gone.length;
}

/** The newest `limit` runs, newest first; with `before`, of those with a smaller id. */
export async function listRuns(db: Db, limit: number, before = 2 ** 31 - 1): Promise<Run[]> {
  const rows = await db.query<Record<string, never>>(
    `select run_id, job, source, started_at, finished_at, fetched, new, corrected, unchanged,
       requests, weight, error, note, outcome
     from runs where run_id < $2 order by run_id desc limit $1`,
    [limit, before],
  );
  return rows.map((row) => ({
    runId: row["run_id"]!,
    job: row["job"]!,
    source: row["source"] ?? undefined,
    startedAt: row["started_at"]!,
    finishedAt: row["finished_at"] ?? undefined,
    outcome: row["outcome"] ?? undefined,
    fetched: row["fetched"]!,
    new: row["new"]!,
    corrected: row["corrected"]!,
    unchanged: row["unchanged"]!,
    requests: row["requests"]!,
    weight: row["weight"]!,
    error: row["error"] ?? undefined,
    note: row["note"] ?? undefined,
  }));
}

/** Runs searched for the last success of each job: several days, whatever the schedule. */
const RECENT_RUNS = 2_000;

/** End of the last complete or partial run of each job; other jobs are left out. */
export async function lastSuccesses(db: Db): Promise<{ job: string; at: EpochMs }[]> {
  return await db.query(
    `select job, max(finished_at) as at from runs
     where outcome in ('done', 'partial') and run_id > (select max(run_id) from runs) - $1
     group by job order by job`,
    [RECENT_RUNS],
  );
}

/** The simulator that supplied any stored candles; `undefined` if there was none. */
export async function findSimulated(db: Db): Promise<string | undefined> {
  const [row] = await db.query<{ simulated: string }>(
    `select simulated from runs where simulated is not null and new > 0
     order by run_id desc limit 1`,
  );
  return row?.simulated;
}
