import { AppError, describeError } from "../../core/errors.ts";
import { endOf } from "../../core/interval.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import { type EpochMs, MINUTE_MS } from "../../core/time.ts";
import type { KlineSource } from "../../ports/kline_source.ts";
import type { SeriesKline, WriteCount } from "../../ports/kline_store.ts";
import { storePages } from "../collect.ts";
import type { JobDeps } from "../run.ts";

export interface StreamWriterDeps
  extends Pick<JobDeps, "store" | "runs" | "log" | "historySince" | "openSource"> {
  readonly now: () => EpochMs;
  /** Set when the exchange identifies itself as a simulator. */
  readonly simulated: () => string | undefined;
  /** Called with a candle that cannot be stored; later ones of its series are dropped. */
  readonly onRefused: (candle: SeriesKline) => void;
}

/** Candles are recorded in runs of this length. */
const RUN_MS = 10 * MINUTE_MS;

interface OwnRun {
  readonly runId: number;
  readonly startedAt: EpochMs;
  fetched: number;
  new: number;
  corrected: number;
  unchanged: number;
  confirmed: number;
  isCounted: boolean;
}

/** Stores closed candles of streams, all that have arrived in one transaction. */
export class StreamWriter {
  readonly #deps: StreamWriterDeps;
  readonly #source: KlineSource;
  #queue: SeriesKline[] = [];
  #run: OwnRun | undefined;
  #stored = 0;

  constructor(deps: StreamWriterDeps) {
    this.#deps = deps;
    this.#source = deps.openSource({ isBackground: true });
  }

  /** Candles stored that were new. */
  get stored(): number {
    return this.#stored;
  }

  /** Candles that wait to be stored. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Weight that confirming doubtful candles has cost. */
  get weight(): number {
    return this.#source.usage().weight;
  }

  take(candle: SeriesKline): void {
    if (candle.kline.openTime >= this.#deps.historySince) this.#queue.push(candle);
  }

  /** Gives up all waiting candles and returns them. */
  drop(): SeriesKline[] {
    return this.#queue.splice(0);
  }

  /**
   * Stores the waiting candles.
   *
   * @throws `store_unavailable`; what is not stored then waits for the next call
   */
  async flush(signal: AbortSignal): Promise<void> {
    while (this.#queue.length > 0) {
      const first = firstOfEach(this.#queue);
      const run = await this.#currentRun();
      const names = await this.#append(first, run);
      this.#count(run, { new: names.size, corrected: 0, unchanged: 0 });
      this.#remove(new Set(first.filter((one) => names.has(seriesName(one)))));
      for (const one of first.filter((one) => !names.has(seriesName(one)))) {
        if (await this.#store(one, run, signal)) this.#remove(new Set([one]));
        else this.#refuse(one);
      }
    }
  }

  /** A later candle of the series would be stored after a gap. */
  #refuse(refused: SeriesKline): void {
    const name = seriesName(refused);
    this.#queue = this.#queue.filter((one) => seriesName(one) !== name);
    this.#deps.onRefused(refused);
  }

  /** Others may have arrived since, of the same series too. */
  #remove(done: ReadonlySet<SeriesKline>): void {
    this.#queue = this.#queue.filter((one) => !done.has(one));
  }

  /** Ends the run in the run history. */
  async close(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    const { runId, startedAt: _, ...counts } = run;
    const simulated = this.#deps.simulated();
    const none = { requests: 0, weight: 0, simulated, error: undefined };
    await this.#deps.runs.finish(runId, { ...counts, ...none, outcome: "done" });
    this.#run = undefined;
  }

  /**
   * Anything but an unavailable database concerns one of the candles: each is then stored alone.
   */
  async #append(candles: readonly SeriesKline[], run: OwnRun): Promise<ReadonlySet<string>> {
    try {
      return await this.#deps.store.append(candles, run.runId);
    } catch (error) {
      run.isCounted = false; // some may be stored
      if (error instanceof AppError && error.code === "store_unavailable") throw error;
      this.#deps.log.debug(`Storing streamed candles one by one: ${describeError(error)}`);
      return new Set();
    }
  }

  /** Stores one candle in the way of REST; `false` when it cannot be stored. */
  async #store(one: SeriesKline, run: OwnRun, signal: AbortSignal): Promise<boolean> {
    const { store, log, historySince } = this.#deps;
    const onPage = (_: Series, count: WriteCount) => this.#count(run, count);
    const step = { store, log, historySince, source: this.#source, runId: run.runId, onPage };
    // The ledger has judged that it closed.
    const serverTime = endOf(one.kline.openTime, one.interval);
    try {
      await storePages(step, one, [{ klines: [one.kline], serverTime }], signal);
      return true;
    } catch (error) {
      const isExpected = error instanceof AppError;
      run.isCounted = false;
      if (signal.aborted || isExpected && error.code === "store_unavailable") throw error;
      log[isExpected ? "warn" : "error"](
        `Refused a streamed candle of ${seriesName(one)}: ${describeError(error)}`,
      );
      return false;
    }
  }

  #count(run: OwnRun, count: WriteCount): void {
    run.fetched += count.new + count.corrected + count.unchanged + (count.conflicts ?? 0);
    run.new += count.new;
    run.corrected += count.corrected;
    run.unchanged += count.unchanged;
    run.confirmed += count.confirmed ?? 0;
    this.#stored += count.new;
  }

  async #currentRun(): Promise<OwnRun> {
    const { runs, now } = this.#deps;
    if (this.#run !== undefined && now() - this.#run.startedAt >= RUN_MS) await this.close();
    if (this.#run !== undefined) return this.#run;
    const runId = await runs.start("stream", "stream");
    const nothing = { fetched: 0, new: 0, corrected: 0, unchanged: 0, confirmed: 0 };
    return this.#run = { runId, startedAt: now(), isCounted: true, ...nothing };
  }
}

/** The oldest candle of each series. */
function firstOfEach(candles: readonly SeriesKline[]): SeriesKline[] {
  const first = new Map<string, SeriesKline>();
  for (const one of candles) {
    if (!first.has(seriesName(one))) first.set(seriesName(one), one);
  }
  return [...first.values()];
}
