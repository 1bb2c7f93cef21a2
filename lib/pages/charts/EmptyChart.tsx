import type { ComponentChildren } from "preact";
import { livePart, SUMMARY } from "../../chart/page_names.ts";
import { endOf, type Interval, shiftOpen } from "../../core/interval.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import { numberText } from "../../core/text/number_text.ts";
import { utcText } from "../../core/text/time_text.ts";
import type { ChartAddress } from "../../core/chart_address.ts";
import { chartHref } from "../components/href.ts";
import { Unbroken } from "../components/Unbroken.tsx";

export interface EmptyChartProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  /** Interval of the displayed series. */
  readonly interval: Interval;
  /** Candles that can be shown, if any, and the open times of the first and the last. */
  readonly stored: {
    readonly rows: number;
    readonly first: EpochMs;
    readonly last: EpochMs;
  } | undefined;
  readonly gaps: readonly TimeRange[];
  /** `HISTORY_SINCE`: start of the wanted history; 0: all of it. */
  readonly historySince: EpochMs;
  /** True if the exchange cannot be reached; a banner gives the reason. */
  readonly isOffline: boolean;
  /** Note on candles of other programs' files. */
  readonly imported: ComponentChildren;
}

/** Empty axes with the reason, and links to stored candles. */
export function EmptyChart(props: EmptyChartProps) {
  const { basePath, address, interval, stored, gaps, historySince, isOffline } = props;
  const { symbol } = address;
  const isBefore = (address.from ?? 0) < historySince;
  const isNewest = address.from === undefined && address.to === undefined;
  return (
    <div class="plot plot-empty">
      <svg class="panes" aria-hidden="true">
        {[16, 32, 48, 64].map((y) => (
          <line key={y} class="grid" x2="100%" y1={`${y}%`} y2={`${y}%`} />
        ))}
      </svg>
      <div class="empty">
        {stored === undefined || isNewest
          ? (
            <>
              <h2>No candles of {symbol} {interval} yet</h2>
              <p>
                {isOffline
                  ? "They will appear when Binance can be reached"
                  : "They are being collected"}. This page reloads automatically.
              </p>
            </>
          )
          : (
            <>
              <h2>No candles {rangeText(address)}</h2>
              <p {...livePart(SUMMARY)}>
                This range has no candles. {symbol} {interval} has {numberText(stored.rows, 0)}{" "}
                candles, from <Unbroken>{utcText(stored.first)}</Unbroken> to{" "}
                <Unbroken>{utcText(stored.last)}</Unbroken>.
                {isBefore && (
                  <>
                    {" "}History begins <Unbroken>{utcText(historySince)}</Unbroken>{" "}
                    (setting HISTORY_SINCE).
                  </>
                )}
              </p>
              <p class="way-on">
                <Nearest
                  basePath={basePath}
                  address={address}
                  interval={interval}
                  gaps={gaps}
                  first={stored.first}
                  last={stored.last}
                />
                <a class="button" href={chartHref(basePath, newest(address))}>Show the newest</a>
              </p>
            </>
          )}
        {props.imported}
      </div>
    </div>
  );
}

function newest(address: ChartAddress): ChartAddress {
  return { ...address, from: undefined, to: undefined, page: undefined };
}

/** `between … and …` */
function rangeText({ from, to }: ChartAddress): string {
  if (from === undefined) return `before ${utcText(to!)}`;
  return to === undefined
    ? `since ${utcText(from)}`
    : `between ${utcText(from)} and ${utcText(to)}`;
}

/** Candles shown around the nearest data. */
const NEAR = 300;

interface NearestProps extends Pick<EmptyChartProps, "basePath" | "address" | "interval" | "gaps"> {
  readonly first: EpochMs;
  readonly last: EpochMs;
}

/**
 * The start of history for a range before it, the end for a range after it, otherwise the next
 * candle.
 */
function Nearest({ basePath, address, interval, gaps, first, last }: NearestProps) {
  const { from = -Infinity, to = Infinity } = address;
  if (from > last) return null;
  const gap = gaps.find((gap) => gap.from <= to && gap.to > to);
  const start = to <= first ? first : gap?.to ?? to;
  const range = { from: start, to: endOf(shiftOpen(start, interval, NEAR - 1), interval) };
  return (
    <a
      class="button button-main"
      href={chartHref(basePath, { ...newest(address), ...range })}
    >
      {to <= first ? "Go to the first candle" : "Go to the next candle"}
    </a>
  );
}
