import { MINUTE_MS, SECOND_MS } from "../../lib/core/time.ts";
import type { Simulator } from "../../packages/simulator/simulator.ts";
import { type EventReader, readEvents } from "../../lib/testing/live.ts";
import { type ServerProcess, waitFor } from "../../lib/testing/server_process.ts";
import { residentMB } from "../process_figures.ts";

export interface SoakOptions {
  readonly simulator: Simulator;
  /** A wick with BTCUSDT 1m of the simulator. */
  readonly server: ServerProcess;
  readonly viewers: number;
  readonly durationMs: number;
  /** Number of times that all streams are closed and reopened. */
  readonly breaks: number;
  /** Real time between two simulated minutes. */
  readonly minuteTakesMs: number;
  /** True to wait until the exchange receives no more requests. */
  readonly awaitsQuiet: boolean;
}

export interface SoakReport {
  readonly viewers: number;
  readonly seconds: number;
  readonly closes: number;
  readonly closesDelivered: number;
  readonly ticksDelivered: number;
  readonly reconnects: number;
  /** Total requests to the exchange for the open candle. */
  readonly tickRequests: number;
  readonly tickRequestsPerSecond: number;
  readonly residentMB: readonly number[];
  /** Growth of the server from the end of the first fifth to the end. */
  readonly residentGrowthMB: number;
  readonly problems: readonly string[];
}

const SAMPLE_MS = 5 * SECOND_MS;
const GROWTH_MB = 64;

/**
 * Watches BTCUSDT 1m through many viewers that reconnect with `Last-Event-ID` after each break, and
 * compares the closes each has received with those of the exchange.
 */
export async function soakLive(options: SoakOptions): Promise<SoakReport> {
  const { simulator, server } = options;
  const address = `${server.url}/api/live?symbol=BTCUSDT&interval=1m`;
  await waitFor(async () => {
    const response = await fetch(address, { method: "HEAD" });
    return response.ok;
  }, 60_000);

  const start = performance.now();
  const startedAt = Date.now();
  const viewers = Array.from({ length: options.viewers }, () => new SoakViewer(address));
  await Promise.all(viewers.map((viewer) => viewer.connect()));
  await waitFor(() => viewers.every((viewer) => viewer.ticks > 0), 60_000);
  const firstClose = lastClosed(simulator);
  const memory = await watchWithBreaks(viewers, options);
  const last = lastClosed(simulator);
  await waitFor(() => viewers.every((viewer) => viewer.lastClose >= last), 60_000).catch(() => {});
  memory.push(residentMB(server.pid));
  await Promise.all(viewers.map((viewer) => viewer.leave()));

  const seconds = (performance.now() - start) / SECOND_MS;
  const wanted = simulator.candles("BTCUSDT", "1m", { from: firstClose + 1, to: last + 1 })
    .map(([openTime]) => openTime);
  // A request for the newest candle alone checks the clock: the simulator's advances in leaps.
  const tickRequests = simulator.requests.list({ path: "klines", since: startedAt })
    .filter(({ query }) => !/startTime|endTime|\blimit=1(&|$)/.test(query)).length;
  const isQuiet = !options.awaitsQuiet ||
    await waitFor(() => hasBeenQuiet(simulator), 60_000).catch(() => false);
  return toReport({ viewers, seconds, wanted, tickRequests, memory, isQuiet }, options.breaks);
}

/** Closes and reopens all streams `breaks` times. Returns samples of the server's memory in MB. */
async function watchWithBreaks(
  viewers: readonly SoakViewer[],
  { simulator, server, durationMs, breaks, minuteTakesMs }: SoakOptions,
): Promise<number[]> {
  const memory: number[] = [];
  const sampling = setInterval(() => memory.push(residentMB(server.pid)), SAMPLE_MS);
  // The simulated clock runs at normal speed; this skips the rest of each minute.
  const pushing = setInterval(
    () => simulator.clock.advance(MINUTE_MS - minuteTakesMs),
    minuteTakesMs,
  );
  // A viewer without a close has no ID to reconnect with.
  await waitFor(() => viewers.every((viewer) => viewer.lastClose > 0), 60_000);
  for (let i = 1; i <= breaks + 1; i++) {
    await sleep(durationMs / (breaks + 1));
    if (i > breaks) continue;
    await Promise.all(viewers.map((viewer) => viewer.reconnect(Math.random() * 3 * minuteTakesMs)));
  }
  clearInterval(pushing);
  clearInterval(sampling);
  return memory;
}

interface SoakOutcome {
  readonly viewers: readonly SoakViewer[];
  readonly seconds: number;
  /** Open times of the candles that closed. */
  readonly wanted: readonly number[];
  readonly tickRequests: number;
  readonly memory: readonly number[];
  readonly isQuiet: boolean;
}

function toReport(outcome: SoakOutcome, breaks: number): SoakReport {
  const { viewers, seconds, wanted, tickRequests, memory, isQuiet } = outcome;
  const growth = memory.at(-1)! - memory[Math.floor(memory.length / 5)]!;
  const problems = new Set(viewers.flatMap((viewer) => viewer.problems(wanted)));
  if (growth > GROWTH_MB) problems.add(`the server has grown by ${growth} MB`);
  if (!isQuiet) problems.add("the exchange still receives requests although there are no viewers");
  if (tickRequests > seconds / 2 + 5) problems.add(`${tickRequests} requests for ticks`);
  return {
    viewers: viewers.length,
    seconds: Math.round(seconds),
    closes: wanted.length,
    closesDelivered: sum(viewers.map((viewer) => viewer.closes.length)),
    ticksDelivered: sum(viewers.map((viewer) => viewer.ticks)),
    reconnects: breaks * viewers.length,
    tickRequests,
    tickRequestsPerSecond: Number((tickRequests / seconds).toFixed(2)),
    residentMB: memory,
    residentGrowthMB: growth,
    problems: [...problems],
  };
}

/** Reads events, counts ticks, keeps the IDs of closes. */
class SoakViewer {
  readonly #address: string;
  readonly closes: number[] = [];
  ticks = 0;
  #failure: string | undefined;
  #events: EventReader | undefined;
  #hasLeft = false;
  #reading: Promise<void> = Promise.resolve();

  constructor(address: string) {
    this.#address = address;
  }

  get lastClose(): number {
    return this.closes.at(-1) ?? 0;
  }

  async connect(): Promise<void> {
    const headers = this.closes.length > 0 ? { "last-event-id": String(this.lastClose) } : {};
    const response = await fetch(this.#address, { headers });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    this.#hasLeft = false;
    this.#events = readEvents(response.body);
    this.#reading = this.#read(this.#events);
  }

  async #read(events: EventReader): Promise<void> {
    try {
      for (let event = await events.next(); event !== undefined; event = await events.next()) {
        if (event.event === "tick") this.ticks++;
        else this.closes.push(Number(event.id));
      }
      if (!this.#hasLeft) this.#failure ??= "a stream ended unexpectedly";
    } catch (error) {
      this.#failure ??= String(error);
    }
  }

  /** Closes the stream and opens it again later. */
  async reconnect(pauseMs: number): Promise<void> {
    await this.leave();
    await sleep(pauseMs);
    await this.connect();
  }

  async leave(): Promise<void> {
    this.#hasLeft = true;
    await this.#events?.cancel();
    await this.#reading;
  }

  problems(wanted: readonly number[]): string[] {
    const got = this.closes.filter((openTime) => openTime >= wanted[0]!);
    const isSame = got.length === wanted.length && got.every((time, i) => time === wanted[i]);
    return [
      ...this.#failure === undefined ? [] : [this.#failure],
      ...isSame ? [] : [`closes differ: ${got.length} instead of ${wanted.length}`],
    ];
  }
}

/** True if there was no request in the last ten seconds. */
function hasBeenQuiet({ requests }: Simulator): boolean {
  return requests.list({ path: "klines", since: Date.now() - 10 * SECOND_MS }).length === 0;
}

function lastClosed(simulator: Simulator): number {
  const now = simulator.clock.now();
  return simulator.candles("BTCUSDT", "1m", { from: now - 10 * MINUTE_MS }).at(-1)![0];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
