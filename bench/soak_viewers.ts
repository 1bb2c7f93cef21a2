import { MINUTE_MS, SECOND_MS } from "../lib/core/time.ts";
import type { Simulator } from "../packages/simulator/simulator.ts";
import { type EventReader, readEvents } from "../lib/testing/live.ts";
import { type ServerProcess, waitFor } from "../lib/testing/server_process.ts";
import { residentMB } from "./process_figures.ts";

export interface SoakOptions {
  readonly simulator: Simulator;
  /** Keeps BTCUSDT 1m of the simulator. */
  readonly server: ServerProcess;
  readonly viewers: number;
  readonly durationMs: number;
  /** How often all viewers are cut off. */
  readonly breaks: number;
  /** Real time from one simulated minute to the next. */
  readonly minuteTakesMs: number;
  /** Whether to wait until the exchange is not asked any more. */
  readonly awaitsQuiet: boolean;
}

export interface SoakReport {
  readonly viewers: number;
  readonly seconds: number;
  readonly closes: number;
  readonly closesDelivered: number;
  readonly ticksDelivered: number;
  readonly reconnects: number;
  /** Requests to the exchange for the moving candle, in all. */
  readonly tickRequests: number;
  readonly tickRequestsPerSecond: number;
  readonly residentMB: readonly number[];
  /** Of the server, between the end of the first fifth and the end. */
  readonly residentGrowthMB: number;
  readonly problems: readonly string[];
}

const SAMPLE_MS = 5 * SECOND_MS;
const GROWTH_MB = 64;

/**
 * Watches BTCUSDT 1m through many viewers that come back with `Last-Event-ID` after each break, and
 * compares what each has got with what the exchange says has closed.
 */
export async function soakLive(options: SoakOptions): Promise<SoakReport> {
  const { simulator, server, durationMs, breaks, minuteTakesMs } = options;
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
  const memory: number[] = [];
  const sampling = setInterval(() => memory.push(residentMB(server.pid)), SAMPLE_MS);
  // The simulated clock runs on by itself, and is pushed over the rest of each minute.
  const pushing = setInterval(
    () => simulator.clock.advance(MINUTE_MS - minuteTakesMs),
    minuteTakesMs,
  );
  // Whoever has got no close yet has no id to come back with.
  await waitFor(() => viewers.every((viewer) => viewer.lastClose > 0), 60_000);
  for (let i = 1; i <= breaks + 1; i++) {
    await sleep(durationMs / (breaks + 1));
    if (i <= breaks) {
      await Promise.all(
        viewers.map((viewer) => viewer.reconnect(Math.random() * 3 * minuteTakesMs)),
      );
    }
  }
  clearInterval(pushing);
  clearInterval(sampling);
  const last = lastClosed(simulator);
  await waitFor(() => viewers.every((viewer) => viewer.lastClose >= last), 60_000).catch(() => {});
  memory.push(residentMB(server.pid));
  await Promise.all(viewers.map((viewer) => viewer.leave()));

  const seconds = (performance.now() - start) / SECOND_MS;
  const wanted = simulator.candles("BTCUSDT", "1m", { from: firstClose + 1, to: last + 1 })
    .map(([openTime]) => openTime);
  // A single newest candle is asked for as a witness of the time: this clock runs in leaps.
  const tickRequests = simulator.requests.list({ path: "klines", since: startedAt })
    .filter(({ query }) => !/startTime|endTime|\blimit=1(&|$)/.test(query)).length;
  const isQuiet = !options.awaitsQuiet ||
    await waitFor(() => hasBeenQuiet(simulator), 60_000).catch(() => false);
  const growth = memory.at(-1)! - memory[Math.floor(memory.length / 5)]!;
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
    problems: [
      ...new Set(viewers.flatMap((viewer) => viewer.problems(wanted))),
      ...growth > GROWTH_MB ? [`the server has grown by ${growth} MB`] : [],
      ...isQuiet ? [] : ["the exchange is still asked although nobody watches"],
      ...tickRequests > seconds / 2 + 5 ? [`${tickRequests} requests for ticks`] : [],
    ],
  };
}

/** Reads events, counts ticks, keeps the ids of closes. */
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
      if (!this.#hasLeft) this.#failure ??= "a stream ended by itself";
    } catch (error) {
      this.#failure ??= String(error);
    }
  }

  /** Cuts the line and comes back later. */
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

/** Whether the last ten seconds went by without a request. */
function hasBeenQuiet({ requests }: Simulator): boolean {
  return requests.list({ path: "klines", since: Date.now() - 10 * SECOND_MS }).length === 0;
}

function lastClosed(simulator: Simulator): number {
  const now = simulator.clock.now();
  return simulator.candles("BTCUSDT", "1m", { from: now - 10 * MINUTE_MS }).at(-1)![0];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
