import { percent } from "../../chart/model/chart_window.ts";
import { GAP_REASON } from "../../chart/model/chart_gap.ts";
import { numberText } from "../../core/text/number_text.ts";
import { dayText } from "../../core/text/time_text.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import { STRIP, type Strip, type StripSource, toStrip } from "./history_strip.ts";
import { HiddenFields } from "../components/HiddenFields.tsx";
import type { ChartAddress } from "../../core/chart_address.ts";
import { chartHref } from "../components/href.ts";
import { toHref } from "../components/site_href.ts";

export interface CoverageStripProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  readonly source: StripSource;
  /** The visible part of history. */
  readonly view: TimeRange;
}

/** The full history and its gaps; two handles choose the visible range, years are links. */
export function CoverageStrip({ basePath, address, source, view }: CoverageStripProps) {
  const strip = toStrip(source);
  return (
    <section class="strip" aria-label="Full history">
      <div class="strip-box">
        <StripPicture strip={strip} view={view} />
        <RangeForm basePath={basePath} address={address} strip={strip} view={view} />
        <Years basePath={basePath} address={address} strip={strip} />
      </div>
      <p class="strip-share" title={gapWords(source)}>
        <b>{completeText(strip.share)}</b>
        <span>{numberText(source.rows, 0)}</span> <span>of {numberText(strip.expected, 0)}</span>
      </p>
    </section>
  );
}

function StripPicture({ strip, view }: { readonly strip: Strip; readonly view: TimeRange }) {
  const { width, height, floor, bar } = STRIP;
  const x = (time: EpochMs) => (time - strip.from) / (strip.to - strip.from) * width;
  const [left, right] = [Math.max(0, x(view.from)), Math.min(width, x(view.to))];
  return (
    <svg
      class="strip-picture"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="strip-area" d={strip.area} />
      <rect class="strip-ahead" y={floor} width={width} height={bar} />
      <rect
        class="strip-held"
        x={x(strip.held.from)}
        y={floor}
        width={x(strip.held.to) - x(strip.held.from)}
        height={bar}
      />
      <g transform={`translate(0 ${floor + bar / 2})`}>
        {strip.cuts.map((cut) => (
          <path key={cut.class} class={`strip-cut strip-${cut.class}`} d={cut.path} />
        ))}
      </g>
      <rect class="strip-view" x={left} width={Math.max(3, right - left)} height={floor + bar} />
    </svg>
  );
}

interface RangeFormProps extends Omit<CoverageStripProps, "source"> {
  readonly strip: Strip;
}

/** Steps of the handles; a key press moves by one. */
const STEPS = 500;

/**
 * Native inputs, which work without script, by touch and by keyboard. Their steps lie outside the
 * visible range, so that submitting them unchanged does not shrink it.
 */
function RangeForm({ basePath, address, strip, view }: RangeFormProps) {
  const step = Math.max(1, (strip.to - strip.from) / STEPS);
  const bounds = { type: "range", min: strip.from, max: strip.to, step };
  const onStep = (time: EpochMs, round: (steps: number) => number) =>
    strip.from + Math.min(STEPS, Math.max(0, round((time - strip.from) / step))) * step;
  return (
    <form class="strip-form" method="get" action={toHref(basePath, "/charts")}>
      <HiddenFields address={address} without={["from", "to"]} />
      <input
        {...bounds}
        name="from"
        value={onStep(view.from, Math.floor)}
        aria-label="Start of the range"
      />
      <input
        {...bounds}
        name="to"
        value={onStep(view.to, Math.ceil)}
        aria-label="End of the range"
      />
      <button class="button strip-show" type="submit">Show</button>
    </form>
  );
}

/** With more years, labels would overlap on phones, where every second one is hidden. */
const CROWDED = 6;
/** The label of a first or last year with a smaller share of the range is hidden on phones. */
const PARTIAL = 0.15;

function Years(
  { basePath, address, strip }: Pick<RangeFormProps, "basePath" | "address" | "strip">,
) {
  const share = (time: EpochMs) => (time - strip.from) / (strip.to - strip.from);
  const isWide = ({ from, to }: TimeRange) => share(to) - share(from) > 0.05;
  const years = strip.years.filter(isWide);
  const isPartial = (i: number) => {
    const { from, to } = years[i]!;
    const isOuter = i === 0 || i === years.length - 1;
    return isOuter && years.length > 1 && share(to) - share(from) < PARTIAL;
  };
  return (
    <svg class={`strip-years ${years.length > CROWDED ? "strip-crowded" : ""}`}>
      {years.map(({ year, from, to }, i) => (
        <a
          key={year}
          class={isPartial(i) ? "strip-partial" : undefined}
          href={chartHref(basePath, { ...address, from, to, page: undefined })}
          aria-label={`Year ${year}`}
        >
          <text x={percent((share(from) + share(to)) / 2)} y="13">{year}</text>
        </a>
      ))}
    </svg>
  );
}

const dayYearText = (time: EpochMs) => `${dayText(time)} ${new Date(time).getUTCFullYear()}`;

/** `Gaps since Aug 17 2017: 7 exchange outage, …` */
function gapWords({ gaps, firstOpenTime, historySince, listedAt }: StripSource): string {
  const words = Object.entries(Object.groupBy(gaps, (gap) => gap.class))
    .map(([kind, some]) => `${some.length} ${GAP_REASON[kind as keyof typeof GAP_REASON]}`);
  const since = `since ${dayYearText(firstOpenTime)}`;
  const text = words.length === 0 ? `No gaps ${since}` : `Gaps ${since}: ${words.join(", ")}`;
  const isCut = historySince > (listedAt ?? Infinity);
  return isCut ? `${text}. History begins ${dayYearText(historySince)} (HISTORY_SINCE)` : text;
}

/** `99.82%`: rounded down, so that only a complete series reads as 100%. */
function completeText(share: number): string {
  const percent = Math.floor(share * 10_000) / 100;
  return `${numberText(percent, Number.isInteger(percent) ? 0 : 2)}%`;
}
