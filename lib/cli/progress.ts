import { SingleBar } from "cli-progress";
import type { SourceUsage } from "../ports/kline_source.ts";

/** Shows the progress of a collection. */
export interface Progress {
  /** Sets the expected number of candles. */
  begin(expected: number): void;
  /** Sets the number of finished candles. */
  update(rows: number, usage: SourceUsage): void;
  stop(): void;
}

/** A bar on a terminal; nothing elsewhere. */
export function createProgress(isTerminal: boolean): Progress {
  if (!isTerminal) return { begin() {}, update() {}, stop() {} };
  const bar = new SingleBar({
    format:
      "{bar} {percentage} % | {value}/{total} rows | {requests} requests, weight {weight} | " +
      "ETA {eta_formatted}",
    barsize: 30,
    hideCursor: true,
    etaBuffer: 50,
  });
  return {
    begin: (expected) => bar.start(expected, 0, { requests: 0, weight: 0 }),
    update(rows, { requests, weight }) {
      if (rows > bar.getTotal()) bar.setTotal(rows);
      bar.update(rows, { requests, weight });
    },
    stop: () => bar.stop(),
  };
}
