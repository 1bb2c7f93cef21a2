import { numberText } from "../../core/text/number_text.ts";
import type { Interval } from "../../core/interval.ts";

export interface BackfillNoteProps {
  readonly symbol: string;
  readonly interval: Interval;
  readonly rows: number;
  /** Candles still to come; `undefined` while unknown. */
  readonly remaining: number | undefined;
}

/** Progress of a series' history; empty once it is complete. */
export function BackfillNote({ symbol, interval, rows, remaining }: BackfillNoteProps) {
  if (remaining === 0) return null;
  if (remaining === undefined) {
    return (
      <p class="chart-state">
        <span>
          Backfilling {symbol} {interval}: {numberText(rows, 0)}{" "}
          candles so far; listing date not known yet
        </span>
      </p>
    );
  }
  const all = rows + remaining;
  const share = Math.floor(rows / all * 100);
  return (
    <p class="chart-state">
      <progress value={rows} max={all} aria-label="Share of history collected" />
      <span>
        {`Backfilling ${symbol} ${interval}: ${share}%, ${numberText(rows, 0)} of `}
        {`${numberText(all, 0)} rows, newest first`}
      </span>
    </p>
  );
}
