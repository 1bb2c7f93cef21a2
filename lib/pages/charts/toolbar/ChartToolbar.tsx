import type { HeldInterval } from "../../../chart/model/fitting_interval.ts";
import type { Interval } from "../../../core/interval.ts";
import type { EpochMs } from "../../../core/time.ts";
import { DatesMenu } from "./DatesMenu.tsx";
import type { ChartAddress } from "../../../core/chart_address.ts";
import { chartHref } from "../../components/href.ts";
import { LookMenu } from "./LookMenu.tsx";
import { TypeMenu } from "./TypeMenu.tsx";
import { toRangeLinks } from "./range_links.ts";
import { type SegmentedLink, SegmentedLinks } from "../../components/SegmentedLinks.tsx";

export interface ChartToolbarProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  /** Interval of the displayed candles. */
  readonly interval: Interval;
  /** Shortest first. */
  readonly intervals: readonly Interval[];
  readonly held: readonly HeldInterval[];
  /** Open time of the series' first candle. */
  readonly firstOpenTime: EpochMs | undefined;
  /**
   * Open times of the first and the last displayed or requested candle; `undefined` without any.
   */
  readonly dates: { readonly first: EpochMs; readonly last: EpochMs } | undefined;
  readonly serverTime: EpochMs;
}

/** Interval, range, scale, clock and look: each choice is a link. */
export function ChartToolbar(props: ChartToolbarProps) {
  const { basePath, held, firstOpenTime, serverTime, dates } = props;
  const address = { ...props.address, page: undefined };
  const href = (change: Partial<ChartAddress>) => chartHref(basePath, { ...address, ...change });
  const ranges = firstOpenTime === undefined
    ? []
    : toRangeLinks({ address, held, firstOpenTime, serverTime });
  return (
    <div class="toolbar">
      <div class="controls">
        <SegmentedLinks label="Interval" links={intervalLinks({ ...props, address })} />
        {ranges.length > 0 && (
          <SegmentedLinks
            label="Range"
            class="ranges"
            links={ranges.map((range) => ({ ...range, href: chartHref(basePath, range.address) }))}
          />
        )}
      </div>
      <div class="tools">
        <SegmentedLinks
          label="Price scale"
          links={[{
            name: "Log",
            title: address.scale === "log"
              ? "Switch to a linear scale"
              : "Switch to a logarithmic scale",
            href: href({ scale: address.scale === "log" ? undefined : "log" }),
            isCurrent: address.scale === "log",
          }]}
        />
        <SegmentedLinks
          label="Clock"
          links={(["utc", "local"] as const).map((tz) => ({
            name: tz === "utc" ? "UTC" : "Local",
            title: tz === "utc" ? "Times in UTC" : "Times in your time zone",
            href: href({ tz }),
            isCurrent: (address.tz ?? "utc") === tz,
          }))}
        />
        <div class="menus">
          <TypeMenu basePath={basePath} address={address} />
          {dates && <DatesMenu basePath={basePath} address={address} {...dates} />}
          <LookMenu basePath={basePath} address={address} />
        </div>
      </div>
    </div>
  );
}

/** The requested interval can be pinned when a longer one is shown. */
function intervalLinks(props: ChartToolbarProps): SegmentedLink[] {
  const { basePath, address, interval: shown, intervals } = props;
  const isAuto = shown !== address.interval;
  return intervals.map((interval) => {
    const isAsked = isAuto && interval === address.interval;
    return {
      name: isAuto && interval === shown ? `${interval} (auto)` : interval,
      title: isAsked
        ? `Keep ${interval}, although the range has more candles than the chart draws`
        : `${interval} candles`,
      href: chartHref(basePath, { ...address, interval, isPinned: isAsked }),
      isCurrent: interval === shown,
    };
  });
}
