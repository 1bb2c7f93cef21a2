import { type Series, seriesName } from "../core/kline.ts";

/** Hands out series in turn, so that a job that cannot do all of them reaches each one. */
export interface Rotation {
  /** The next `count` of `series`: those after the last one that was handed out. */
  take(series: readonly Series[], count: number): Series[];
  /**
   * Continues with the first of the last turn's series that was not done; for a job that is cut.
   */
  giveBack(isUndone: (series: Series) => boolean): void;
}

/** `random` in [0, 1): where the first turn begins, so that restarts favour no series. */
export function createRotation(random: () => number = Math.random): Rotation {
  let turn: readonly Series[] = [];
  /** The series to continue with, or the one after which to continue. */
  let next: string | undefined;
  let last: string | undefined;
  const placeOf = (series: readonly Series[], name: string | undefined) =>
    series.findIndex((one) => seriesName(one) === name);

  return {
    take(series, count) {
      const [own, before] = [placeOf(series, next), placeOf(series, last)];
      const place = before === -1 ? Math.floor(random() * series.length) : before + 1;
      const start = own === -1 ? place : own;
      turn = [...series.slice(start), ...series.slice(0, start)].slice(0, count);
      next = undefined;
      last = turn.length === 0 ? last : seriesName(turn.at(-1)!);
      return [...turn];
    },
    giveBack(isUndone) {
      const first = turn.find(isUndone);
      if (first !== undefined) next = seriesName(first);
    },
  };
}
