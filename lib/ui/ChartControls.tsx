import type { Interval } from "../core/interval.ts";
import type { EpochMs } from "../core/time.ts";
import { type ChartAddress, chartHref } from "./href.ts";
import { toRangeLinks } from "./range_links.ts";
import { SegmentedLinks } from "./SegmentedLinks.tsx";

export interface ChartControlsProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  /** Shortest first. */
  readonly intervals: readonly Interval[];
  /** Of the series shown. */
  readonly firstOpenTime: EpochMs | undefined;
  readonly serverTime: EpochMs;
}

/** Interval and range. */
export function ChartControls(props: ChartControlsProps) {
  const { basePath, address, intervals, firstOpenTime, serverTime } = props;
  const intervalLinks = intervals.map((interval) => ({
    name: interval,
    title: `${interval} candles`,
    href: chartHref(basePath, { ...address, interval }),
    isCurrent: interval === address.interval,
  }));
  const ranges = firstOpenTime === undefined
    ? []
    : toRangeLinks({ address, intervals, firstOpenTime, serverTime });
  const rangeLinks = ranges.map((range) => ({
    ...range,
    href: chartHref(basePath, range.address),
  }));
  return (
    <div class="controls">
      <SegmentedLinks label="Interval" links={intervalLinks} />
      {rangeLinks.length > 0 && <SegmentedLinks label="Range" links={rangeLinks} class="ranges" />}
    </div>
  );
}
