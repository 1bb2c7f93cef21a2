import { setTimeout as pause } from "node:timers/promises";
import { launch } from "../../lib/testing/server_process.ts";
import { type Fault, needsLinux } from "./fault.ts";
import { end, type Stage } from "./stage.ts";

/** Observation time after PostgreSQL was killed. */
const WATCH_MS = 3_000;

/**
 * Records the periods in which the database's port rejects all connections: `200` is wrong then.
 */
async function watchPort(stage: Stage, url: string): Promise<void> {
  const port = Number(new URL(url).port);
  const stopAt = Date.now() + WATCH_MS;
  let refusedAt: number | undefined;
  while (Date.now() < stopAt) {
    const askedAt = Date.now();
    const isOpen = await Deno.connect({ hostname: "127.0.0.1", port })
      .then((line) => (line.close(), true), () => false);
    if (!isOpen) refusedAt ??= askedAt;
    if (isOpen && refusedAt !== undefined) {
      stage.readiness.expect({
        from: refusedAt,
        to: askedAt - 60, // the last rejection is older than that
        claim: "200 while PostgreSQL's port was closed",
        holds: ({ status }) => status !== 200,
      });
      refusedAt = undefined;
    }
    await pause(50);
  }
}

async function killPostgres(stage: Stage): Promise<void> {
  const url = (await stage.storeUrl())!;
  const [postmaster] = await stage.postgresPids();
  end(postmaster!);
  await watchPort(stage, url);
}

export const KILL_FAULTS: readonly Fault[] = [
  {
    name: "kill-wick",
    does: "SIGKILL to wick while it collects, then a restart",
    proves:
      "a batch is stored completely or not at all; the restart adopts the orphaned PostgreSQL",
    database: "embedded",
    isShort: true,
    missing: needsLinux,
    async strike(stage) {
      await stage.startAndCollect();
      await stage.kill("SIGKILL");
    },
  },
  {
    name: "kill-postmaster",
    does: "SIGKILL to PostgreSQL's first process while wick collects",
    proves: "wick restarts its database without being restarted, and answers 503 until then",
    database: "embedded",
    isShort: true,
    missing: needsLinux,
    async strike(stage) {
      await stage.startAndCollect();
      await killPostgres(stage);
    },
  },
  {
    name: "kill-postmaster-thrice",
    does: "the same three times in a row, each before the last recovery is complete",
    proves: "concurrent restarts do not delete each other's lock file",
    database: "embedded",
    missing: needsLinux,
    async strike(stage) {
      await stage.startAndCollect();
      for (let i = 0; i < 3; i++) await killPostgres(stage);
    },
  },
  {
    name: "kill-backend",
    does: "SIGKILL to one of PostgreSQL's other processes, which ends all connections",
    proves: "a lost connection causes a retry and loses no candle",
    database: "embedded",
    missing: needsLinux,
    async strike(stage) {
      await stage.startAndCollect();
      const [, ...children] = await stage.postgresPids();
      end(children[stage.random.below(children.length)]!);
    },
  },
  {
    name: "kill-both",
    does: "SIGKILL to wick and PostgreSQL at the same time, then a restart",
    proves: "committed candles survive; stale lock files do not block the restart",
    database: "embedded",
    missing: needsLinux,
    async strike(stage) {
      await stage.startAndCollect();
      const [postmaster] = await stage.postgresPids();
      const killed = stage.kill("SIGKILL");
      end(postmaster!);
      await killed;
    },
  },
  {
    name: "kill-first-start",
    does: "SIGKILL to wick while it creates its cluster and migrates, three times, then a restart",
    proves: "a partial cluster or schema is never used",
    database: "embedded",
    missing: needsLinux,
    async strike(stage) {
      await Deno.remove(`${stage.folder.path}/postgres`, { recursive: true });
      for (let i = 0; i < 3; i++) await startAndKill(stage, 6_000);
    },
  },
  {
    name: "kill-migration",
    does: "SIGKILL to wick and PostgreSQL in the first second after the database is up",
    proves: "a migration is applied completely or not at all, and repeated by the next start",
    database: "embedded",
    missing: needsLinux,
    async strike(stage) {
      for (let i = 0; i < 2; i++) {
        const child = launch({ env: stage.settings });
        await stage.require(
          "PostgreSQL starts",
          async () => (await stage.postgresPids()).length > 0,
        );
        await stage.pauseUpTo(1_000);
        child.signal("SIGKILL");
        for (const pid of (await stage.postgresPids()).slice(0, 1)) end(pid);
        await child.ended;
      }
    },
  },
];

async function startAndKill(stage: Stage, withinMs: number): Promise<void> {
  const child = launch({ env: stage.settings });
  await stage.pauseUpTo(withinMs);
  child.signal("SIGKILL");
  await child.ended;
}
