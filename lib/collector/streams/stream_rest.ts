import { AppError, describeError } from "../../core/errors.ts";
import { intervalMs, openTimeOf } from "../../core/interval.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import { PAGE_ROWS, REQUEST_WEIGHT } from "../../core/request_weight.ts";
import { DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from "../../core/time.ts";
import type { ClosedEvent } from "../../ports/close_streams.ts";
import { collectForward, type CollectorDeps, type PageCount, storePages } from "../collect.ts";
import { forEachSeries } from "../each_series.ts";
import { createRotation } from "../rotation.ts";
import { executeRun, type JobDeps, withHealth } from "../run.ts";
import type { Overdue, StreamLedger } from "./stream_ledger.ts";

export interface StreamRestDeps extends JobDeps {
  readonly ledger: StreamLedger;
  readonly serverTime: () => EpochMs;
  /** Called with events that arrived while REST was asked for candles before them. */
  readonly onHeld: (event: ClosedEvent) => void;
}

/** Series asked for in one run, so that results of the first do not wait for the last. */
const MAX_FILL = 300;
/** Time between two checks of streamed candles, and the share of weight per candle for them. */
const CHECK_MS = 10 * MINUTE_MS;
const CHECK_WEIGHT = 0.005;
/** Time between two readings of the exchange's clock when events seem early. */
const CLOCK_MS = 10 * SECOND_MS;

/** The requests beside the streams: for missed candles, checks of stored ones, and the clock. */
export class StreamRest {
  readonly #deps: StreamRestDeps;
  readonly #signal: AbortSignal;
  readonly #rotation = createRotation();
  readonly #running = new Set<Promise<void>>();
  readonly #counts = { refetched: 0, checked: 0, differing: 0, weight: 0 };
  #isFilling = false;
  #checkedAt: EpochMs;
  #clockAt = -Infinity;
  #clockReading: Promise<void> | undefined;

  constructor(deps: StreamRestDeps, signal: AbortSignal) {
    const { log } = deps;
    this.#deps = {
      ...deps,
      log: { ...log, info: log.debug }, // one line per minute would hide the others
      openSource: () => deps.openSource({ isBackground: true }),
    };
    this.#signal = signal;
    this.#checkedAt = deps.serverTime();
  }

  counts() {
    return { ...this.#counts };
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Asks for series whose event is overdue, unless the last call is still at it. */
  fillDue(isFollowed: (series: Series) => boolean): void {
    if (this.#isFilling) return;
    const due = this.#deps.ledger.takeDue(MAX_FILL, isFollowed);
    if (due.length === 0) return;
    this.#isFilling = true;
    this.#track(this.#fill(due).finally(() => this.#isFilling = false));
  }

  /**
   * Fetches the newest candles of some series again, in rotation, for about 0.005 weight per
   * streamed candle. A batch has 1,000 candles, so every streamed candle is compared.
   */
  checkDue(): void {
    const { serverTime, ledger } = this.#deps;
    const elapsed = serverTime() - this.#checkedAt;
    if (elapsed < 0) this.#checkedAt = serverTime();
    if (elapsed < CHECK_MS || ledger.size === 0) return;
    const series = ledger.list();
    const candles = series.reduce((sum, { interval }) => sum + elapsed / intervalMs(interval), 0);
    const requests = Math.floor(candles * CHECK_WEIGHT / REQUEST_WEIGHT.klines);
    if (requests === 0) return;
    this.#checkedAt = serverTime();
    this.#track(this.#check(this.#rotation.take(series, requests)));
  }

  /** Reads the exchange's clock again, unless that was done just now, and then calls `then`. */
  doubtClock(then: () => void): void {
    if (this.#clockReading === undefined && performance.now() - this.#clockAt >= CLOCK_MS) {
      this.#clockReading = this.readClock().finally(() => this.#clockReading = undefined);
    }
    this.#track((this.#clockReading ?? Promise.resolve()).then(then));
  }

  /** Errors are left to the next request: the client of the exchange logs them. */
  async readClock(): Promise<void> {
    this.#clockAt = performance.now();
    const source = this.#deps.openSource();
    await source.serverTime(this.#signal).catch(() => {});
    this.#counts.weight += source.usage().weight;
  }

  #track(work: Promise<void>): void {
    const done = work.catch((error) => this.#report(error)).finally(() =>
      this.#running.delete(done)
    );
    this.#running.add(done);
  }

  #report(error: unknown): void {
    if (this.#signal.aborted) return;
    const level = error instanceof AppError ? "debug" : "error";
    this.#deps.log[level](`Collecting by streams: ${describeError(error)}`);
  }

  async #fill(due: readonly Overdue[]): Promise<void> {
    const { store, ledger } = this.#deps;
    const asked = new Set<string>();
    let failures: ReadonlyMap<string, unknown> = new Map();
    let isFailed = true;
    try {
      const states = await store.listStates();
      const behind = due.filter((one) => {
        const stored = states.get(seriesName(one))?.lastOpenTime ?? -Infinity;
        return stored < one.expected || one.isDoubted;
      });
      for (const one of behind) asked.add(seriesName(one));
      if (behind.length > 0) failures = await this.#collect(behind);
      isFailed = false;
    } finally {
      const newest = await this.#readNewest(due);
      for (const one of due) {
        const name = seriesName(one);
        const outcome = { isFailed: isFailed || failures.has(name), byRest: asked.has(name) };
        const held = ledger.asked(one, newest.get(name), outcome);
        for (const event of held) this.#deps.onHeld(event);
      }
    }
  }

  /** Brings series up to their last closed candle, as the collector does. */
  async #collect(series: readonly Series[]): Promise<ReadonlyMap<string, unknown>> {
    const onPage = (_: Series, page: PageCount) => this.#counts.refetched += page.new;
    const { weight, failures } = await this.#run("stream-fill", series, {
      onPage,
      step: (own, one) => collectForward(own, one, this.#signal),
    });
    this.#counts.weight += weight;
    return failures;
  }

  async #check(series: readonly Series[]): Promise<void> {
    const onPage = (one: Series, { new: added, corrected, unchanged }: PageCount) => {
      this.#counts.refetched += added;
      this.#counts.checked += corrected + unchanged;
      this.#counts.differing += corrected;
      if (corrected === 0) return;
      this.#deps.log.warn(
        `${seriesName(one)}: ${corrected} stored candles differed from the REST API; corrected`,
      );
    };
    const { weight } = await this.#run("stream-check", series, {
      onPage,
      step: (own, one) => compareNewest(own, one, this.#signal),
    });
    this.#counts.weight += weight;
  }

  #run(job: string, series: readonly Series[], { onPage, step }: RestStep) {
    return executeRun(
      { ...this.#deps, onPage },
      job,
      (own) =>
        withHealth(this.#deps, series, async (due) => ({
          asked: due,
          failures: await forEachSeries(due, this.#signal, (one) => step(own, one)),
        })),
      this.#signal,
    );
  }

  /** The newest stored candles, with their values when they are recent. */
  async #readNewest(series: readonly Series[]) {
    const { store, serverTime } = this.#deps;
    const newest = new Map<string, NewestCandle>();
    try {
      const klines = await store.newest(series, serverTime() - 2 * DAY_MS);
      const states = await store.listStates();
      for (const one of series) {
        const name = seriesName(one);
        const kline = klines.get(name);
        const openTime = kline?.openTime ?? states.get(name)?.lastOpenTime;
        if (openTime !== undefined) newest.set(name, { openTime, kline });
      }
    } catch (error) {
      this.#report(error); // the series are asked for again
    }
    return newest;
  }
}

/** Fetches a batch of candles again that end a while ago, so that one request suffices. */
async function compareNewest(
  deps: CollectorDeps,
  series: Series,
  signal: AbortSignal,
): Promise<void> {
  const serverTime = await deps.source.serverTime(signal);
  const to = openTimeOf(serverTime - 2 * MINUTE_MS, series.interval);
  const page = await deps.source.page(series, { to, limit: PAGE_ROWS }, signal);
  await storePages(deps, series, [page], signal);
}

type NewestCandle = NonNullable<Parameters<StreamLedger["asked"]>[1]>;

interface RestStep {
  readonly onPage: NonNullable<JobDeps["onPage"]>;
  readonly step: (deps: CollectorDeps, series: Series) => Promise<void>;
}
