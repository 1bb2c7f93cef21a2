import { livePart } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { clockText, utcText } from "../../../core/text/time_text.ts";
import { WEIGHT_SHARE } from "../../../core/request_weight.ts";
import { type EpochMs, MINUTE_MS } from "../../../core/time.ts";
import { Icon } from "../../components/Icon.tsx";

export interface Budget {
  readonly limit: number;
  readonly used: number;
  readonly ban: { readonly until: EpochMs; readonly reason: string } | undefined;
}

const TICKS = 6;

/** The request weight allowed by the exchange, the used part, and the end of a ban. */
export function WeightCard({ budget, now }: { readonly budget: Budget; readonly now: EpochMs }) {
  const { used, limit, ban } = budget;
  return (
    <section class="card" {...livePart("weight")} aria-labelledby="weight-title">
      <header class="card-head">
        <h2 id="weight-title">Exchange weight</h2>
        <p class="push">
          <b>{count(used)}</b> of {count(limit)} this minute
        </p>
      </header>
      <Gauge used={used} limit={limit} />
      {ban === undefined
        ? (
          <p class="card-line state tone-ok">
            <Icon name="fresh" />
            No ban: requests are allowed
          </p>
        )
        : (
          <p class="card-line state tone-warn">
            <Icon name="late" />
            <span title={utcText(ban.until)}>
              Rate-limited by Binance until{" "}
              {clockText(Math.ceil(ban.until / MINUTE_MS) * MINUTE_MS)} UTC (HTTP{" "}
              {ban.reason}){ban.until < now && ", already over"}
            </span>
          </p>
        )}
    </section>
  );
}

const count = (value: number) => numberText(value, 0);

/** Used weight on a scale up to the exchange's limit, with wick's own limit. */
function Gauge({ used, limit }: Pick<Budget, "used" | "limit">) {
  const share = `${Math.min(100, used / limit * 100).toFixed(2)}%`;
  return (
    <svg
      class="gauge"
      role="img"
      aria-label={`Used weight ${used} of ${limit}, wick's limit ${limit * WEIGHT_SHARE}`}
    >
      <rect class="gauge-all" y="18" width="100%" height="14" rx="2" />
      <rect class="gauge-used" y="18" width={share} height="14" rx="2" />
      <line
        class="gauge-ceiling"
        x1={`${WEIGHT_SHARE * 100}%`}
        x2={`${WEIGHT_SHARE * 100}%`}
        y1="14"
        y2="34"
      />
      <text x={`${WEIGHT_SHARE * 100}%`} y="8" text-anchor="middle">wick's limit</text>
      {[0, 1, 2, 3].map((i) => (
        <text
          key={i}
          x={`${i * 100 / 3}%`}
          y="48"
          text-anchor={i === 0 ? "start" : i === 3 ? "end" : "middle"}
        >
          {count(limit * i / 3)}
        </text>
      ))}
      {Array.from({ length: TICKS + 1 }, (_, i) => (
        <line
          key={i}
          class="gauge-tick"
          x1={`${i * 100 / TICKS}%`}
          x2={`${i * 100 / TICKS}%`}
          y1="34"
          y2={i % 2 === 0 ? "39" : "37"}
        />
      ))}
    </svg>
  );
}
