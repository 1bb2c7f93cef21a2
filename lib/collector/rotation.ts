import { type Series, seriesName } from "../core/kline.ts";

/** Hands out series in turn, so that a job that cannot do all of them reaches each one. */
export interface Rotation {
  /** The next `count` of `series`: those after the last one that was handed out. */
  take(series: readonly Series[], count: number): Series[];
}

/** `random` in [0, 1): where the first turn begins, so that restarts favour no series. */
export function createRotation(random: () => number = Math.random): Rotation {
  let last: string | undefined;
  return {
    take(series, count) {
      const place = series.findIndex((one) => seriesName(one) === last);
      const start = place === -1 ? Math.floor(random() * series.length) : place + 1;
      const turn = [...series.slice(start), ...series.slice(0, start)].slice(0, count);
      last = turn.length === 0 ? last : seriesName(turn.at(-1)!);
      return turn;
    },
  };
}
