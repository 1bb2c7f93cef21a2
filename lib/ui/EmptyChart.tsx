import type { EpochMs } from "../core/time.ts";
import { utcText } from "../chart/time_text.ts";

export interface EmptyChartProps {
  readonly title: string;
  /** First and last stored candle, when there are any. */
  readonly stored: { readonly first: EpochMs; readonly last: EpochMs } | undefined;
  readonly newestHref: string;
}

/** Axes without candles: why, and where there are some. */
export function EmptyChart({ title, stored, newestHref }: EmptyChartProps) {
  return (
    <div class="plot plot-empty">
      <svg class="panes" aria-hidden="true">
        {[16, 32, 48, 64].map((y) => (
          <line key={y} class="grid" x2="100%" y1={`${y}%`} y2={`${y}%`} />
        ))}
      </svg>
      <div class="empty">
        <h2>{title}</h2>
        {stored === undefined
          ? <p>Its candles are being collected; this page looks again by itself.</p>
          : (
            <>
              <p>
                There are candles from {utcText(stored.first)} to {utcText(stored.last)}.
              </p>
              <a class="button button-main" href={newestHref}>Show the newest</a>
            </>
          )}
      </div>
    </div>
  );
}
