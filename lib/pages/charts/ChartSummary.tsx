import type { ComponentChildren } from "preact";
import { withoutImported } from "../../chart/model/candle.ts";
import type { ChartView } from "../../chart/model/chart_view.ts";
import { livePart, SUMMARY } from "../../chart/page_names.ts";
import { deltaText, numberText, priceText } from "../../core/text/number_text.ts";
import { dayText, utcText } from "../../core/text/time_text.ts";
import { Unbroken } from "../components/Unbroken.tsx";

export interface ChartSummaryProps {
  readonly view: ChartView;
  readonly pair: string;
  /** Set when the range has more candles than are shown. */
  readonly isCut: boolean;
  /** Link to the explanation of the gaps. */
  readonly statusHref: string;
  /** Comparison with a shorter interval, such as `4h = Σ 1h: 638 of 638`. */
  readonly rollup: string | undefined;
  /** Note on candles of other programs' files. */
  readonly imported: ComponentChildren;
  /** The proof line. */
  readonly children?: ComponentChildren;
}

/** Summary of the chart as text. */
export function ChartSummary(
  { view, pair, isCut, statusHref, rollup, imported, children }: ChartSummaryProps,
) {
  const { decimals } = view;
  const own = withoutImported(view.candles);
  const candles = own.length > 0 ? own : view.candles;
  const [first, last] = [candles[0]!, candles.at(-1)!];
  const high = candles.reduce((best, candle) => candle.high > best.high ? candle : best);
  const low = candles.reduce((best, candle) => candle.low < best.low ? candle : best);
  const price = (value: number) => <Unbroken>{priceText(value, decimals)}</Unbroken>;
  return (
    <div class="card summary">
      <p {...livePart(SUMMARY)}>
        From <Unbroken>{utcText(first.openTime)}</Unbroken> to{" "}
        <Unbroken>{utcText(last.openTime)}</Unbroken>, {pair} moved from {price(first.open)} to{" "}
        {price(last.close)} (<Unbroken>{deltaText(last.close / first.open - 1)}</Unbroken>), between
        {" "}
        {price(low.low)} on <Unbroken>{dayText(low.openTime)}</Unbroken> and {price(high.high)} on
        {" "}
        <Unbroken>{dayText(high.openTime)}</Unbroken>. {countText(view)}
        {view.gaps.length > 0 && (
          <>
            {" "}
            <a href={statusHref}>Why they are missing</a>
          </>
        )}
        {rollup !== undefined && (
          <>
            {" "}
            <a href={`${statusHref}#proofs`} title="Each candle equals the sum of shorter ones">
              <Unbroken>{rollup}</Unbroken>
            </a>
          </>
        )}
      </p>
      {imported}
      {view.shape.type === "heikin" && (
        <p class="quiet">
          The chart draws Heikin-Ashi candles, which average prices. Table, text and files have the
          exchange's candles.
        </p>
      )}
      {isCut && <p class="quiet">Only the newest candles of the range are shown.</p>}
      {children}
    </div>
  );
}

function countText({ candles, bars, perBar, gaps }: ChartView): string {
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  const own = withoutImported(candles).length;
  const imported = candles.length - own;
  const counts = [
    `${numberText(own, 0)} closed ${own === 1 ? "candle" : "candles"}`,
    missing === 0 ? "none missing" : `${numberText(missing, 0)} missing`,
    ...imported === 0 ? [] : [`${numberText(imported, 0)} imported, not from the exchange`],
  ];
  const drawn = perBar === 1 ? "" : ` Drawn as ${bars.length} bars of ${perBar} candles each.`;
  return `${counts.join(", ")}.${drawn}`;
}
