import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Cluster, openCluster } from "../../lib/store/cluster/embedded_cluster.ts";
import { silent } from "../../lib/testing/database/postgres.ts";
import { type ServerProcess, startServer, waitFor } from "../../lib/testing/server_process.ts";
import { openTcpRelay, type TcpRelay } from "../../lib/testing/database/tcp_relay.ts";
import { Random } from "../../packages/simulator/seeded/random.ts";
import type { SimulatorProcess } from "../simulator_process.ts";
import { type CronDriver, driveCrons } from "./cron_driver.ts";
import { makeStageFolder, type StageFolder } from "./stage_folder.ts";
import { type Committed, readCommitted, withStore } from "./invariants.ts";
import { MARKET_ENV } from "./market.ts";
import { ReadinessWatch } from "./readiness.ts";

/**
 * wick's environment, the exchange's relay, and PostgreSQL behind another one if it is external.
 */
interface Surroundings {
  readonly random: Random;
  readonly simulator: SimulatorProcess;
  readonly folder: StageFolder;
  readonly crons: CronDriver;
  readonly exchange: TcpRelay;
  readonly cluster: Cluster | undefined;
  readonly database: TcpRelay | undefined;
}

/** wick with all its breakable dependencies, for one round. */
export class Stage {
  readonly #around: Surroundings;
  /** Additional variables for the next process. */
  readonly env: Record<string, string> = {};
  /** Additional `deno run` flags for the next process. */
  readonly flags: string[] = [];
  readonly readiness: ReadinessWatch;
  /** Candles committed before the fault. */
  committed: Committed = new Map();
  /** Time at which all dependencies worked again. */
  mendedAt = 0;
  readonly problems: string[] = [];
  readonly #started: ServerProcess[] = [];
  #server: ServerProcess | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
    this.readiness = new ReadinessWatch(() => this.#server?.url);
  }

  get random(): Random {
    return this.#around.random;
  }

  get simulator(): SimulatorProcess {
    return this.#around.simulator;
  }

  get folder(): StageFolder {
    return this.#around.folder;
  }

  /** Relay between wick and the exchange. */
  get exchange(): TcpRelay {
    return this.#around.exchange;
  }

  /** Relay between wick and an external PostgreSQL. */
  get database(): TcpRelay {
    const { database } = this.#around;
    if (database === undefined) throw new TypeError("This fault has no relay to the database");
    return database;
  }

  get server(): ServerProcess {
    if (this.#server === undefined) throw new TypeError("wick does not run");
    return this.#server;
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** Variables passed to a wick process. */
  get settings(): Record<string, string> {
    const { exchange, folder, crons, cluster, database } = this.#around;
    const url = cluster && database && onPort(cluster.url, database.port);
    return {
      DATA_DIR: folder.path,
      BINANCE_URLS: `http://127.0.0.1:${exchange.port}`,
      COINGECKO_URL: `http://127.0.0.1:${exchange.port}`,
      LIMIT_CONNECTIONS: "0",
      ...MARKET_ENV,
      ...crons.env,
      ...url === undefined ? {} : { DATABASE_URL: url },
      ...this.env,
    };
  }

  /** Starts wick and watches it from now on. */
  async start(): Promise<ServerProcess> {
    this.#server = await startServer(this.settings, this.flags);
    this.#started.push(this.#server);
    return this.#server;
  }

  /** Output of all watched processes. */
  log(): string {
    return this.#started.map((server) => server.output()).join("\n--- next process ---\n");
  }

  /** Sends `signal` after marking responses as not expected. */
  async kill(signal: "SIGTERM" | "SIGKILL"): Promise<{ code: number; ms: number }> {
    const server = this.server;
    this.#server = undefined;
    return await server.kill(signal);
  }

  /** Marks responses as not expected from now on. */
  release(): ServerProcess {
    const server = this.server;
    this.#server = undefined;
    return server;
  }

  /** URL of the database, bypassing the relay; `undefined` while there is none. */
  async storeUrl(): Promise<string | undefined> {
    const { cluster, folder } = this.#around;
    if (cluster !== undefined) return cluster.url;
    const lines = (await readText(join(folder.path, "postgres", "postmaster.pid"))).split("\n");
    const password = await readText(join(folder.path, "postgres.password"));
    if (!(Number(lines[3]) > 0) || password === "") return undefined;
    return `postgresql://wick:${password}@127.0.0.1:${Number(lines[3])}/wick`;
  }

  /** PostgreSQL's process IDs: the postmaster, then its children. */
  async postgresPids(): Promise<number[]> {
    const data = this.#around.cluster?.folder ?? join(this.folder.path, "postgres");
    const postmaster = Number((await readText(join(data, "postmaster.pid"))).split("\n")[0]);
    if (!(postmaster > 0)) return [];
    const children = await readText(`/proc/${postmaster}/task/${postmaster}/children`);
    return [postmaster, ...children.split(" ").filter(Boolean).map(Number)];
  }

  /** Restarts an external PostgreSQL. */
  async reviveDatabase(): Promise<void> {
    await this.#around.cluster?.revive();
  }

  /** Waits a random part of `ms`. */
  async pauseUpTo(ms: number): Promise<void> {
    await pause(this.random.below(ms));
  }

  /** Starts wick, lets it collect for a random time, and records the committed candles. */
  async startAndCollect(ms = 4_000): Promise<void> {
    await this.start();
    await this.pauseUpTo(ms);
    await this.remember();
  }

  /** Records the committed candles, all of which must exist at the end. */
  async remember(): Promise<void> {
    const url = await this.storeUrl();
    if (url !== undefined) {
      this.committed = await withStore(url, readCommitted).catch(() => this.committed);
    }
  }

  /** Marks the end of the fault: recovery time starts here. */
  mended(): void {
    this.mendedAt = Date.now();
  }

  /** Waits until a claim holds, or records that it does not. */
  async require(claim: string, ask: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
    await waitFor(ask, ms).catch(() => this.problems.push(`not within ${ms / 1000} s: ${claim}`));
  }

  async close(): Promise<void> {
    await this.readiness.stop();
    const { crons, exchange, database, cluster, folder } = this.#around;
    if (this.isRunning) await this.kill("SIGKILL");
    await crons.close();
    exchange.close();
    database?.close();
    await cluster?.release();
    for (const pid of await this.postgresPids()) end(pid);
    await waitFor(async () => (await this.postgresPids()).every((pid) => !isAlive(pid)), 10_000)
      .catch(() => {});
    await folder.remove();
  }
}

/** Parts of the stage that a fault needs. */
export interface StageNeeds {
  /** Embedded PostgreSQL under DATA_DIR, or an external one behind a relay. */
  readonly database: "embedded" | "server";
  /** Size of a tmpfs for DATA_DIR, which can then be filled or made read-only. */
  readonly diskMB?: number;
}

/** Sets a stage up for one round of `fault`. */
export async function openStage(
  fault: StageNeeds,
  simulator: SimulatorProcess,
  seed: number,
): Promise<Stage> {
  const hasOwn = fault.database === "embedded";
  const folder = await makeStageFolder({
    ...fault.diskMB === undefined ? {} : { diskMB: fault.diskMB },
  });
  const cluster = hasOwn ? undefined : await openCluster(folder.path, silent);
  return new Stage({
    simulator,
    folder,
    cluster,
    random: new Random(seed),
    crons: await driveCrons(),
    exchange: openTcpRelay(Number(new URL(simulator.url).port)),
    database: cluster && openTcpRelay(Number(new URL(cluster.url).port)),
  });
}

export function onPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

export function isAlive(pid: number): boolean {
  try {
    return !Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ").at(-1)!.startsWith("Z");
  } catch {
    return false;
  }
}

/** Sends SIGKILL; ignores processes that have already ended. */
export function end(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}

function readText(path: string): Promise<string> {
  return Deno.readTextFile(path).catch(() => "");
}
