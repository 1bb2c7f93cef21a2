import { setTimeout as pause } from "node:timers/promises";

const PATHS = [
  "/charts?symbol=BTCUSDT&interval=1m",
  "/api/candles?symbol=BTCUSDT&interval=1m",
  "/export?symbol=ETHUSDT&interval=1m&format=ndjson",
  "/status",
  "/api/series",
  "/export?symbol=BTCUSDT&interval=1h",
  "/api/v3/klines?symbol=BTCUSDT&interval=1m",
  "/markets",
  "/api/gaps?symbol=BTCUSDT&interval=1m",
  "/charts?symbol=NOPEUSDT&interval=1m",
  "/metrics",
];
const LIVE = "/api/live?symbol=BTCUSDT&interval=1m";
const VISITORS = 3;
const VIEWERS = 6;
const VISIT_EVERY_MS = 150;
const VIEW_MS = 15_000;
const ANSWER_LIMIT_MS = 70_000;

/** Visitors, readers of exports, live viewers, and a probe of response times. */
export class MixedLoad {
  readonly #url: string;
  readonly answers = new Map<number, number>();
  /** Paths whose response was cut off or missing. */
  readonly broken: string[] = [];
  /**
   * Exports that were cut off, which must happen when the database disconnects during a transfer.
   */
  cutExports = 0;
  events = 0;
  /** Response times of `/healthz` since the last reset: mainly the event loop's lag. */
  healthMs: number[] = [];
  readonly #over = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  start(): void {
    this.#running = Promise.all([
      ...Array.from({ length: VISITORS }, (_, i) => this.#visit(i * 3)),
      ...Array.from({ length: VIEWERS }, (_, i) => this.#view(i)),
      this.#watchHealth(),
    ]);
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  async #visit(first: number): Promise<void> {
    for (let turn = first; !this.#over.signal.aborted; turn++) {
      const path = PATHS[turn % PATHS.length]!;
      let hasBegun = false;
      try {
        const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
        const response = await fetch(this.#url + path, { signal });
        hasBegun = true;
        await response.arrayBuffer();
        this.answers.set(response.status, (this.answers.get(response.status) ?? 0) + 1);
      } catch {
        if (hasBegun && path.startsWith("/export")) this.cutExports++;
        else this.broken.push(path);
      }
      await pause(VISIT_EVERY_MS);
    }
  }

  /** Watches for a while, disconnects without notice, and reconnects. */
  async #view(index: number): Promise<void> {
    await pause(index * 500);
    while (!this.#over.signal.aborted) {
      const leave = new AbortController();
      const timer = setTimeout(() => leave.abort(), VIEW_MS);
      const stop = () => leave.abort();
      this.#over.signal.addEventListener("abort", stop);
      try {
        const response = await fetch(this.#url + LIVE, { signal: leave.signal });
        for await (const chunk of response.body!) if (chunk.length > 20) this.events++;
      } catch {
        // Disconnected, or the stream ended.
      }
      clearTimeout(timer);
      this.#over.signal.removeEventListener("abort", stop);
      await pause(500);
    }
  }

  async #watchHealth(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const start = performance.now();
      try {
        const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
        await (await fetch(`${this.#url}/healthz`, { signal })).arrayBuffer();
        this.healthMs.push(performance.now() - start);
      } catch {
        this.broken.push("/healthz");
      }
      await pause(100);
    }
  }
}
