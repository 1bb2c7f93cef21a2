import { livePart } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { weightPerCandle } from "../../../core/request_weight.ts";
import { ageText } from "../../../core/text/time_text.ts";
import type { EpochMs } from "../../../core/time.ts";
import { Icon } from "../../components/Icon.tsx";

export interface StreamsCardProps {
  /** `undefined` while all closed candles are fetched by REST. */
  readonly streams: {
    readonly intervals: readonly string[];
    readonly series: number;
    readonly connections: readonly { readonly host: string; readonly isOpen: boolean }[];
    readonly stored: number;
    readonly refetched: number;
    readonly refused: number;
    readonly checked: number;
    readonly differing: number;
    readonly weight: number;
    readonly since: EpochMs;
  } | undefined;
  readonly now: EpochMs;
}

/** Candles that come from the exchange's streams, and the weight of those that REST must bring. */
export function StreamsCard({ streams, now }: StreamsCardProps) {
  if (streams === undefined) return null;
  const { intervals, series, connections, since } = streams;
  const broken = connections.filter(({ isOpen }) => !isOpen);
  return (
    <section class="card" {...livePart("streams")} aria-labelledby="streams-title">
      <header class="card-head">
        <h2 id="streams-title">Candle streams</h2>
        <p class="push">
          <b>{count(series)}</b> series at {intervals.join(", ")}
        </p>
      </header>
      {broken.length === 0
        ? (
          <p class="card-line state tone-ok">
            <Icon name="fresh" />
            {connections.length === 1 ? "1 connection is" : `${connections.length} connections are`}
            {" "}
            open
          </p>
        )
        : (
          <p class="card-line state tone-warn">
            <Icon name="late" />
            {broken.length} of {connections.length} connections broken; REST fetches what is missed
          </p>
        )}
      <Figures {...streams} age={ageText(now - since)} />
    </section>
  );
}

type FiguresProps = NonNullable<StreamsCardProps["streams"]> & { readonly age: string };

function Figures(props: FiguresProps) {
  const { stored, refetched, refused, checked, differing, weight, age } = props;
  const each = weightPerCandle(props);
  return (
    <dl class="facts">
      <dt>Closed candles from streams</dt>
      <dd>{count(stored)} in {age}</dd>
      <dt>Fetched by REST instead</dt>
      <dd>{count(refetched)}</dd>
      <dt>Weight per closed candle</dt>
      <dd>
        {each === undefined ? "no candle yet" : `${each.toFixed(4)} (${count(weight)} in all)`}
      </dd>
      <dt>Repeated by REST</dt>
      <dd>{count(checked)}, {differing === 0 ? "all equal" : `${count(differing)} corrected`}</dd>
      {refused > 0 && (
        <>
          <dt>Refused events</dt>
          <dd>{count(refused)}</dd>
        </>
      )}
    </dl>
  );
}

const count = (value: number) => numberText(value, 0);
