import { ageOf, freshnessOf } from "../core/freshness.ts";
import { endOf, type Interval } from "../core/interval.ts";
import type { EpochMs } from "../core/time.ts";
import { ageText, utcText } from "../chart/time_text.ts";
import { Icon } from "./Icon.tsx";
import { Unbroken } from "./Unbroken.tsx";

export interface StaleNoteProps {
  readonly interval: Interval;
  readonly lastOpenTime: EpochMs | undefined;
  readonly serverTime: EpochMs;
  /** Why no newer candle comes, as far as anybody knows. */
  readonly cause: string | undefined;
}

/** Says of data that is behind how far, and why; it stays on show. */
export function StaleNote({ interval, lastOpenTime, serverTime, cause }: StaleNoteProps) {
  const kind = freshnessOf(lastOpenTime, interval, serverTime);
  if (lastOpenTime === undefined || (kind !== "late" && kind !== "stale")) return null;
  const closed = endOf(lastOpenTime, interval);
  return (
    <p class={`chart-state chart-state-${kind}`}>
      <Icon name={kind} />
      <span>
        The newest closed candle is of <Unbroken>{utcText(closed)}</Unbroken>,{" "}
        <Unbroken>{ageText(ageOf(lastOpenTime, interval, serverTime))} ago</Unbroken>:{" "}
        {cause ?? "the next one has not come in yet"}
      </span>
    </p>
  );
}
