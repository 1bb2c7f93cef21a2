import type { EpochMs } from "../../../lib/core/time.ts";

/** A piecewise linear curve over time, read from `"17-08 4300 17-12 16000"`. */
export class Anchors {
  readonly #times: EpochMs[] = [];
  readonly #values: number[] = [];

  constructor(text: string) {
    const words = text.split(" ");
    for (let i = 0; i + 1 < words.length; i += 2) {
      const [year, month] = words[i]!.split("-");
      this.#times.push(Date.UTC(2000 + Number(year), Number(month) - 1, 17));
      this.#values.push(Number(words[i + 1]));
    }
  }

  /** Before the first and after the last point the curve is level. */
  at(time: EpochMs): number {
    const after = this.#times.findIndex((known) => known > time);
    if (after === 0) return this.#values[0]!;
    if (after === -1) return this.#values.at(-1)!;
    const [from, to] = [this.#times[after - 1]!, this.#times[after]!];
    const [low, high] = [this.#values[after - 1]!, this.#values[after]!];
    return low + (high - low) * ((time - from) / (to - from));
  }
}
