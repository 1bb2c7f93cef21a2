import { livePart } from "../../../chart/page_names.ts";
import { bytesText, coverageText, numberText } from "../../../core/text/number_text.ts";
import type { BackfillPlan } from "../../../core/remaining_history.ts";
import { seriesName } from "../../../core/kline.ts";
import { Icon } from "../../components/Icon.tsx";
import type { SeriesStatus } from "../series_status.ts";
import type { OpenHistory } from "../series_summary.ts";
import { filterHref, type StatusAddress } from "../status_href.ts";

export interface BackfillCardProps {
  readonly address: StatusAddress;
  /** Candles stored. */
  readonly rows: number;
  readonly openHistory: OpenHistory;
}

/** Progress of history, and the cost of the rest. */
export function BackfillCard({ address, rows, openHistory }: BackfillCardProps) {
  const { total, first, plan: left } = openHistory;
  const count = (value: number) => numberText(value, 0);
  return (
    <section class="card" {...livePart("backfill")} aria-labelledby="backfill-title">
      <header class="card-head">
        <h2 id="backfill-title">History</h2>
        <p class="push">
          {total === 0
            ? "complete"
            : rows === 0
            ? "not started"
            : `${coverageText(rows / (rows + left.rows))} collected`}
        </p>
      </header>
      {total === 0
        ? (
          <p class="card-line state tone-ok">
            <Icon name="fresh" />
            Every series is complete back to its first candle
          </p>
        )
        : (
          <>
            <dl class="facts">
              <dt>Remaining</dt>
              <dd>{count(left.rows)} candles</dd>
              <dt>Cost</dt>
              <dd>{costText(left)}</dd>
              <dt>Time at Binance's rate limit</dt>
              <dd>{minutesText(left.minutes)}</dd>
              <dt>On disk</dt>
              <dd>{bytesText(left.megabytes * 1e6)} more</dd>
            </dl>
            <ul class="progresses">
              {first.map((one) => <Progress key={seriesName(one)} one={one} />)}
            </ul>
            {total > first.length && (
              <p class="card-line">
                <a href={filterHref(address, { history: "incomplete" }, "coverage")}>
                  and {numberText(total - first.length, 0)} more series
                </a>
              </p>
            )}
          </>
        )}
    </section>
  );
}

/** `12 archive files, 3 requests, weight 6` */
function costText({ files, requests, weight }: BackfillPlan): string {
  const archive = files === 0 ? "" : `${numberText(files, 0)} archive files, `;
  return `${archive}${numberText(requests, 0)} requests, weight ${numberText(weight, 0)}`;
}

function Progress({ one }: { readonly one: SeriesStatus }) {
  const { rows, remaining } = one;
  if (remaining === undefined) {
    return (
      <li>
        <span>{seriesName(one)}</span>
        <span class="quiet">{numberText(rows, 0)} candles, first candle not known yet</span>
      </li>
    );
  }
  const share = rows / (rows + remaining);
  return (
    <li>
      <span>{seriesName(one)}</span>
      <svg class="progress" aria-hidden="true">
        <rect class="progress-all" width="100%" height="6" rx="2" />
        <rect class="progress-done" width={`${(share * 100).toFixed(2)}%`} height="6" rx="2" />
      </svg>
      <span>{coverageText(share)}</span>
    </li>
  );
}

function minutesText(minutes: number): string {
  if (minutes < 1) return "under a minute";
  return minutes < 90
    ? `${numberText(minutes, 0)} minutes`
    : `${numberText(minutes / 60, 1)} hours`;
}
