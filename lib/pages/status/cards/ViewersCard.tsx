import { livePart } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { type Series, seriesName } from "../../../core/kline.ts";

export interface ViewersCardProps {
  /** Series with viewers, most viewers first. */
  readonly watched: readonly (Series & { readonly viewers: number })[];
}

const MAX_ROWS = 8;

/** Live viewers of this process. */
export function ViewersCard({ watched }: ViewersCardProps) {
  const total = watched.reduce((sum, { viewers }) => sum + viewers, 0);
  return (
    <section class="card" {...livePart("viewers")} aria-labelledby="viewers-title">
      <header class="card-head">
        <h2 id="viewers-title">Live viewers</h2>
        <p class="push">{total === 0 ? "none" : numberText(total, 0)} on this instance</p>
      </header>
      {watched.length === 0
        ? <p class="nothing">No live chart is open, so wick requests no live prices.</p>
        : (
          <dl class="facts">
            {watched.slice(0, MAX_ROWS).map((one) => (
              <div key={seriesName(one)}>
                <dt>{seriesName(one)}</dt>
                <dd>{numberText(one.viewers, 0)}</dd>
              </div>
            ))}
          </dl>
        )}
      {watched.length > MAX_ROWS && (
        <p class="card-line quiet">and {watched.length - MAX_ROWS} more series</p>
      )}
    </section>
  );
}
