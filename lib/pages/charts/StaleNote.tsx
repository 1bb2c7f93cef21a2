import { ageOf, freshnessOf } from "../../core/freshness.ts";
import { endOf, type Interval } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import { ageText, utcText } from "../../core/text/time_text.ts";
import { Icon } from "../components/Icon.tsx";
import { Unbroken } from "../components/Unbroken.tsx";

export interface StaleNoteProps {
  readonly interval: Interval;
  readonly lastOpenTime: EpochMs | undefined;
  readonly serverTime: EpochMs;
  /** True if the exchange cannot be reached; a banner gives the reason. */
  readonly isOffline: boolean;
}

/** Shows how old the newest stored candle is. */
export function StaleNote({ interval, lastOpenTime, serverTime, isOffline }: StaleNoteProps) {
  const kind = freshnessOf(lastOpenTime, interval, serverTime);
  if (lastOpenTime === undefined || (kind !== "late" && kind !== "stale")) return null;
  const closed = endOf(lastOpenTime, interval);
  return (
    <p class={`chart-state chart-state-${kind}`}>
      <Icon name={kind} />
      <span>
        The newest stored candle closed at <Unbroken>{utcText(closed)}</Unbroken>,{" "}
        <Unbroken>{ageText(ageOf(lastOpenTime, interval, serverTime))} ago</Unbroken>:{" "}
        {isOffline
          ? "no newer one until Binance can be reached"
          : "the next one has not arrived yet"}
      </span>
    </p>
  );
}
