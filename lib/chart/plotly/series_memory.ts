import { endOf, type Interval } from "../../core/interval.ts";
import type { TimeRange } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import { CandleMemory, type LoadCandles } from "../model/candle_memory.ts";
import { lowerBound } from "../model/drawn_candles.ts";
import { type ChartGap, gapsAmong } from "../model/chart_gap.ts";
import { drawnStepMs } from "../model/merge_candles.ts";
import type { Overlay } from "../../core/overlay.ts";
import type { Study } from "../model/study.ts";

/** Code of overlays, of a logarithmic scale, and of types other than candles, if there are any. */
export type ChartKit = Partial<
  & typeof import("../model/log_ticks.ts")
  & typeof import("./study_kit.ts")
  & ReturnType<typeof import("./type_kit.ts").createTypeKit>
>;

/** Loads the known gaps. */
export type LoadGaps = (interval: Interval) => Promise<readonly ChartGap[]>;

export interface SeriesMemoryOptions {
  readonly load: LoadCandles;
  readonly loadGaps: LoadGaps;
  readonly overlays: readonly Overlay[];
  readonly kit: ChartKit;
}

/** Loaded data of one interval: candles, gaps, and overlays. */
export class SeriesMemory {
  readonly interval: Interval;
  readonly #options: SeriesMemoryOptions;
  readonly #memory: CandleMemory;
  #known: readonly ChartGap[] | undefined;
  #derived: Derived | undefined;

  constructor(interval: Interval, options: SeriesMemoryOptions, known?: readonly ChartGap[]) {
    this.interval = interval;
    this.#options = options;
    this.#memory = new CandleMemory(interval, options.load);
    this.#known = known;
  }

  get candles(): readonly Candle[] {
    return this.#memory.candles;
  }

  get gaps(): readonly ChartGap[] {
    return this.#derive().gaps;
  }

  holds(range: TimeRange): boolean {
    return this.#memory.holds(range);
  }

  append(fresh: readonly Candle[]): void {
    const last = fresh.at(-1);
    if (last) this.#memory.append(fresh, endOf(last.openTime, this.interval));
  }

  /** Loads the missing candles of `range`, and those before it that overlays need. */
  async cover(range: TimeRange, oldest: number): Promise<boolean> {
    const { overlays, kit } = this.#options;
    const warmUp = kit.warmUpOf?.(overlays, this.interval) ?? 0;
    const from = Math.max(oldest, range.from - warmUp * drawnStepMs(this.interval));
    const gaps = this.#known ?? this.#options.loadGaps(this.interval);
    const [known, hasLoaded] = await Promise.all([
      gaps,
      this.#memory.cover({ from, to: range.to }),
    ]);
    this.#known = known;
    return hasLoaded;
  }

  /**
   * The overlays with one value for each of `bars`, each `stepMs` long: that of its last candle.
   */
  studiesAt(bars: readonly Candle[], stepMs: number): Study[] {
    const { candles, studies } = this.#derive();
    const { kit } = this.#options;
    const lastOf = ({ openTime }: Candle) => lowerBound(candles, openTime + stepMs) - 1;
    return kit.atIndices?.(studies, bars.map(lastOf)) ?? [];
  }

  #derive(): Derived {
    const { candles } = this.#memory;
    const known = this.#known ?? NONE;
    const { overlays, kit } = this.#options;
    if (this.#derived?.candles !== candles || this.#derived.known !== known) {
      this.#derived = {
        candles,
        known,
        gaps: gapsAmong(candles, this.interval, known),
        studies: kit.toStudies?.(candles, overlays, this.interval) ?? [],
      };
    }
    return this.#derived;
  }
}

const NONE: readonly ChartGap[] = [];

interface Derived {
  readonly candles: readonly Candle[];
  readonly known: readonly ChartGap[];
  readonly gaps: readonly ChartGap[];
  readonly studies: readonly Study[];
}
