import { livePart } from "../../chart/page_names.ts";
import { innerTimeTicks, priceTicks } from "../../chart/model/axis_ticks.ts";
import { type CapStack, STACK_HEIGHT, STACK_WIDTH, toCapStack } from "../../chart/svg/cap_stack.ts";
import { deltaText, moneyText } from "../../core/text/number_text.ts";
import { ageText, minuteText, utcText } from "../../core/text/time_text.ts";
import { DAY_MS, type EpochMs } from "../../core/time.ts";
import { toHref } from "../components/site_href.ts";
import { SegmentedLinks } from "../components/SegmentedLinks.tsx";
import { type MarketsAddress, marketsHref } from "./markets_href.ts";

export interface HistoryCardProps {
  readonly basePath: string;
  readonly address: MarketsAddress;
  readonly history: {
    readonly stepMs: number;
    readonly times: readonly EpochMs[];
    /** In the order of the configured coins. */
    readonly series: readonly {
      readonly coin: string;
      readonly symbol: string;
      readonly caps: readonly (number | undefined)[];
    }[];
    readonly firstSnapshot: EpochMs | undefined;
  };
}

const RANGES = [
  ["7d", "7 days"],
  ["30d", "30 days"],
  ["90d", "90 days"],
  ["1y", "1 year"],
  ["all", "full history"],
] as const;

/** Stacked market caps over time, and the start of the snapshots. */
export function HistoryCard({ basePath, address, history }: HistoryCardProps) {
  const coins = history.series.map(({ coin, symbol, caps }, i) => ({
    coin,
    symbol,
    caps,
    colour: 1 + i % 10,
  })).sort((a, b) => (b.caps.at(-1) ?? 0) - (a.caps.at(-1) ?? 0));
  const stack = toCapStack(history.times, coins);
  const hasData = stack.totals.filter((total) => total !== undefined).length > 1;
  const csv = toHref(basePath, "/api/market-caps/history", { format: "csv", range: address.range });
  return (
    <section class="card history" {...livePart("history")} aria-labelledby="history-title">
      <header class="card-head">
        <h2 id="history-title">History</h2>
        <p>
          total of these {coins.length}{" "}
          coins{address.quote === "USD" ? "" : " in US dollars"}, one point every{" "}
          {ageText(history.stepMs)}
        </p>
        <div class="push history-links">
          <a href={csv}>CSV</a>
          <SegmentedLinks
            label="Period"
            links={RANGES.map(([range, title]) => ({
              title,
              name: range === "all" ? "All" : range,
              isCurrent: range === address.range,
              href: marketsHref(address, { range }, "history"),
            }))}
          />
        </div>
      </header>
      {hasData
        ? (
          <figure>
            <StackPicture
              stack={stack}
              times={history.times}
              firstSnapshot={history.firstSnapshot}
            />
            <figcaption>{summaryText(stack, history)}</figcaption>
          </figure>
        )
        : (
          <p class="nothing">
            No history yet{history.firstSnapshot === undefined
              ? ": there is no snapshot of market caps"
              : ` before ${utcText(history.firstSnapshot)}`}.
          </p>
        )}
    </section>
  );
}

interface StackPictureProps {
  readonly stack: CapStack;
  readonly times: readonly EpochMs[];
  readonly firstSnapshot: EpochMs | undefined;
}

function StackPicture({ stack, times, firstSnapshot }: StackPictureProps) {
  const [from, to] = [times[0]!, times.at(-1)!];
  const x = (time: EpochMs) => `${((time - from) / (to - from) * 100).toFixed(2)}%`;
  const y = (value: number) => `${(100 - value / stack.top * 100).toFixed(2)}%`;
  const ticks = priceTicks(0, stack.top, 4).filter(({ value }) => value > 0);
  const last = stack.totals.at(-1);
  const derivedTo = firstSnapshot === undefined ? to : Math.min(firstSnapshot, to);
  return (
    <div class="stack" aria-hidden="true">
      <svg class="stack-plot">
        <svg
          viewBox={`0 0 ${STACK_WIDTH} ${STACK_HEIGHT}`}
          preserveAspectRatio="none"
          width="100%"
          height="100%"
        >
          {stack.areas.map(({ colour, path }) => (
            <path key={colour} class={`stack-area coin-${colour}`} d={path} />
          ))}
        </svg>
        {ticks.map(({ value }) => (
          <line key={value} class="stack-grid" x2="100%" y1={y(value)} y2={y(value)} />
        ))}
        {derivedTo > from && (
          <g class="stack-derived">
            <rect width={x(derivedTo)} height="100%" />
            {derivedTo < to && <line x1={x(derivedTo)} x2={x(derivedTo)} y2="100%" />}
            <text x="12" y="20">
              derived<tspan class="stack-detail">: first known supply × stored closes</tspan>
            </text>
          </g>
        )}
      </svg>
      <svg class="stack-y">
        {ticks.filter(({ value }) =>
          last === undefined || Math.abs(value - last) > stack.top * 0.07
        )
          .map(({ value }) => <text key={value} x="8" y={y(value)} dy="4">{tickText(value)}</text>)}
        {last !== undefined && (
          <svg class="tag" y={y(last)} overflow="visible">
            <rect y="-10" width="100%" height="20" rx="2" />
            <text x="8" y="4">{moneyText(last)}</text>
          </svg>
        )}
      </svg>
      <svg class="stack-x">
        {innerTimeTicks(from, to, 6, "narrow").map(({ value, text }) => (
          <text key={value} x={x(value)} y="17" text-anchor="middle">{text}</text>
        ))}
      </svg>
    </div>
  );
}

/** `$2.5T`: all significant decimals. */
function tickText(value: number): string {
  const [unit, letter] = value >= 1e12 ? [1e12, "T"] : value >= 1e9 ? [1e9, "B"] : [1e6, "M"];
  return `$${Number((value / unit).toPrecision(4))}${letter}`;
}

/** Summary of the picture as text. */
function summaryText(
  { totals }: CapStack,
  { times, firstSnapshot }: HistoryCardProps["history"],
): string {
  const known = totals.flatMap((total, i) =>
    total === undefined ? [] : [{ total, time: times[i]! }]
  );
  const [first, last] = [known[0]!, known.at(-1)!];
  const high = known.reduce((best, one) => one.total > best.total ? one : best);
  const low = known.reduce((best, one) => one.total < best.total ? one : best);
  const day = (time: EpochMs) =>
    minuteText(time).slice(0, last.time - first.time > 3 * DAY_MS ? 10 : 16);
  const gaps = totals.length - known.length - totals.findIndex((total) => total !== undefined);
  const record = firstSnapshot === undefined
    ? "No snapshot yet: all values are derived."
    : first.time < firstSnapshot
    ? `Snapshots since ${
      utcText(firstSnapshot)
    }; earlier values are derived from the first known supply.`
    : "";
  return [
    `From ${moneyText(first.total)} on ${day(first.time)} to ${moneyText(last.total)}`,
    ` (${deltaText(last.total / first.total - 1)}); highest ${moneyText(high.total)} on `,
    `${day(high.time)}, lowest ${moneyText(low.total)} on ${day(low.time)}. `,
    gaps > 0 ? `${gaps} of ${totals.length} points are unknown. ` : "",
    record,
  ].join("").trim();
}
