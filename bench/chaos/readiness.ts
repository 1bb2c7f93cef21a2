import { setTimeout as pause } from "node:timers/promises";

/** A response of `/readyz`, or the reason why there was none. */
export interface Sample {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** The request failed. */
  readonly failure: string | undefined;
  /** Response time of a trivial request at that time, to detect a busy machine. */
  readonly lagMs: number;
}

/** A claim about every response to requests within a time range. */
export interface Expectation {
  readonly from: number;
  readonly to: number;
  readonly claim: string;
  readonly holds: (sample: Sample) => boolean;
}

const EVERY_MS = 100;
const LIMIT_MS = 2_000;
const GIVE_UP_MS = 8_000;
/** A busy machine delays responses without a fault of wick. */
const TOLERANCE_MS = 500;

/** Requests `/readyz` continuously, and judges the responses afterwards. */
export class ReadinessWatch {
  readonly samples: Sample[] = [];
  readonly #expectations: Expectation[] = [];
  readonly #url: () => string | undefined;
  #isOver = false;
  #watching: Promise<void> | undefined;

  /** `url` is `undefined` while no server is expected to answer. */
  constructor(url: () => string | undefined) {
    this.#url = url;
  }

  start(): void {
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#watching;
  }

  expect(expectation: Expectation): void {
    this.#expectations.push(expectation);
  }

  /** Every wrong response, described once. */
  judge(): string[] {
    const wrong = this.samples.flatMap((sample) =>
      [fault(sample), ...this.#unmet(sample)].filter((text) => text !== undefined)
    );
    const counts = Map.groupBy(wrong, (text) => text);
    return Array.from(counts, ([text, all]) => all.length === 1 ? text : `${all.length} × ${text}`);
  }

  #unmet(sample: Sample): string[] {
    return this.#expectations
      .filter(({ from, to }) => sample.startedAt >= from && sample.endedAt <= to)
      .filter(({ holds }) => sample.failure === undefined && !holds(sample))
      .map(({ claim }) => `${claim}: ${sample.status} ${JSON.stringify(sample.body)}`);
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      const url = this.#url();
      if (url !== undefined) {
        const sample = await ask(url);
        // otherwise it was killed during the request
        if (this.#url() === url) this.samples.push(sample);
      }
      await pause(EVERY_MS);
    }
  }
}

async function ask(url: string): Promise<Sample> {
  const startedAt = Date.now();
  const lag = measureLag(url);
  const end = async (rest: Pick<Sample, "status" | "body" | "failure">): Promise<Sample> => ({
    ...rest,
    startedAt,
    endedAt: Date.now(),
    lagMs: await lag,
  });
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(GIVE_UP_MS) });
    const text = await response.text();
    return await end({ status: response.status, body: parse(text), failure: undefined });
  } catch (error) {
    return await end({ status: undefined, body: {}, failure: String(error) });
  }
}

async function measureLag(url: string): Promise<number> {
  const start = performance.now();
  try {
    const signal = AbortSignal.timeout(GIVE_UP_MS);
    await (await fetch(`${url}/healthz`, { signal })).arrayBuffer();
  } catch {
    // ended during the request, or timed out
  }
  return performance.now() - start;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

/** Problems of a response regardless of the current state. */
function fault({ status, body, failure, startedAt, endedAt, lagMs }: Sample): string | undefined {
  if (failure !== undefined) return `no answer from a live process: ${failure}`;
  const ms = endedAt - startedAt;
  if (ms > LIMIT_MS + TOLERANCE_MS + lagMs) return `answered after ${(ms / 1000).toFixed(1)} s`;
  if (status === 200) {
    return body["status"] === "ready" && body["database"] === "ok"
      ? undefined
      : `200 that does not say ready: ${JSON.stringify(body)}`;
  }
  if (status !== 503) return `${status} instead of 200 or 503: ${JSON.stringify(body)}`;
  const reasons = [body["database"], body["kv"], body["reason"]].filter((part) =>
    typeof part === "string" && part !== "ok" && part.length >= 10
  );
  return body["status"] === "not ready" && reasons.length > 0
    ? undefined
    : `503 without a reason: ${JSON.stringify(body)}`;
}
