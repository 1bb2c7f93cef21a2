import { endOf, type Interval } from "../../core/interval.ts";
import type { TimeRange } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import { CandleMemory, type LoadCandles } from "../model/candle_memory.ts";
import { lowerBound } from "../model/drawn_candles.ts";
import { type Hole, holesAmong } from "../model/hole.ts";
import { drawnStepMs } from "../model/merge_candles.ts";
import type { Overlay } from "../model/overlay.ts";
import type { Study } from "../model/study.ts";

/** There when there are overlays. */
export type StudyKit = typeof import("./study_kit.ts");

/** Loads what the ledger knows of holes. */
export type LoadHoles = (interval: Interval) => Promise<readonly Hole[]>;

export interface SeriesMemoryOptions {
  readonly load: LoadCandles;
  readonly loadHoles: LoadHoles;
  readonly overlays: readonly Overlay[];
  readonly studyKit: StudyKit | undefined;
}

/** What the page has of one interval: candles, the holes among them, and what overlays make of them. */
export class SeriesMemory {
  readonly interval: Interval;
  readonly #options: SeriesMemoryOptions;
  readonly #memory: CandleMemory;
  #known: readonly Hole[] | undefined;
  #derived: Derived | undefined;

  constructor(interval: Interval, options: SeriesMemoryOptions, known?: readonly Hole[]) {
    this.interval = interval;
    this.#options = options;
    this.#memory = new CandleMemory(interval, options.load);
    this.#known = known;
  }

  get candles(): readonly Candle[] {
    return this.#memory.candles;
  }

  get holes(): readonly Hole[] {
    return this.#derive().holes;
  }

  holds(range: TimeRange): boolean {
    return this.#memory.holds(range);
  }

  append(fresh: readonly Candle[]): void {
    const last = fresh.at(-1);
    if (last) this.#memory.append(fresh, endOf(last.openTime, this.interval));
  }

  /** Loads what of `range`, and of what overlays look back on before it, is not here yet. */
  async cover(range: TimeRange, oldest: number): Promise<boolean> {
    const { overlays, studyKit } = this.#options;
    const warmUp = studyKit?.warmUpOf(overlays, this.interval) ?? 0;
    const from = Math.max(oldest, range.from - warmUp * drawnStepMs(this.interval));
    const holes = this.#known ?? this.#options.loadHoles(this.interval);
    const [known, hasLoaded] = await Promise.all([
      holes,
      this.#memory.cover({ from, to: range.to }),
    ]);
    this.#known = known;
    return hasLoaded;
  }

  /** The overlays, a value for each of `bars`, each as long as `stepMs`: that of its last candle. */
  studiesAt(bars: readonly Candle[], stepMs: number): Study[] {
    const { candles, studies } = this.#derive();
    const { studyKit } = this.#options;
    if (!studyKit) return [];
    const lastOf = ({ openTime }: Candle) => lowerBound(candles, openTime + stepMs) - 1;
    return studyKit.atIndices(studies, bars.map(lastOf));
  }

  #derive(): Derived {
    const { candles } = this.#memory;
    const known = this.#known ?? NONE;
    const { overlays, studyKit } = this.#options;
    if (this.#derived?.candles !== candles || this.#derived.known !== known) {
      const opens = candles.map(({ openTime }) => openTime);
      this.#derived = {
        candles,
        known,
        holes: holesAmong(opens, this.interval, known),
        studies: studyKit?.toStudies(candles, overlays, this.interval) ?? [],
      };
    }
    return this.#derived;
  }
}

const NONE: readonly Hole[] = [];

interface Derived {
  readonly candles: readonly Candle[];
  readonly known: readonly Hole[];
  readonly holes: readonly Hole[];
  readonly studies: readonly Study[];
}
