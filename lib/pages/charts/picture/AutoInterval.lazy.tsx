import type { KlineView } from "../../../chart/plotly/kline_views.ts";
import { changedHref } from "../../../core/chart_address.ts";
import type { Interval } from "../../../core/interval.ts";

export interface AutoIntervalProps {
  readonly view: KlineView;
  /** The requested interval. */
  readonly interval: Interval;
  readonly symbol: string;
}

/** Notice that a longer interval is shown than requested; a click keeps it. */
export function AutoInterval({ view, interval, symbol }: AutoIntervalProps) {
  if (view.perBar > 1) {
    return <span class="auto-interval">{view.perBar} × {view.interval} a bar</span>;
  }
  if (view.interval === interval) return null;
  return (
    <a
      class="auto-interval"
      href={changedHref(location.href, { symbol, interval: view.interval, isPinned: true })}
      title={`Too many ${interval} candles for this range: showing ${view.interval}. Click to keep it.`}
    >
      {view.interval} (auto)
    </a>
  );
}
