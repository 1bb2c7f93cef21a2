import { type EpochMs, MINUTE_MS } from "../../core/time.ts";
import type { PictureWidth } from "./plot_height.ts";
import { innerTimeTicks, type TimeTick } from "./axis_ticks.ts";
import { minuteText } from "../../core/text/time_text.ts";

/** A time zone: its offset from UTC at a time, in ms. */
export interface Zone {
  readonly isUtc: boolean;
  offsetAt(time: EpochMs): number;
}

export const UTC: Zone = { isUtc: true, offsetAt: () => 0 };

/** The browser's time zone; not available on the server. */
export const LOCAL: Zone = {
  isUtc: false,
  offsetAt: (time) => -new Date(time).getTimezoneOffset() * MINUTE_MS,
};

/** `2026-01-31 14:00 UTC`, `2026-01-31 15:00 UTC+1`. */
export function zonedText(time: EpochMs, zone: Zone): string {
  return `${zonedMinute(time, zone)} ${offsetText(time, zone)}`;
}

/** `2026-01-31 14:00` */
export function zonedMinute(time: EpochMs, zone: Zone): string {
  return minuteText(time + zone.offsetAt(time));
}

/** `UTC`, `UTC+5:30` */
export function offsetText(time: EpochMs, zone: Zone): string {
  const minutes = Math.round(zone.offsetAt(time) / MINUTE_MS);
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? "" : `:${String(size % 60).padStart(2, "0")}`;
  return `UTC${minutes < 0 ? "\u2212" : "+"}${Math.floor(size / 60)}${rest}`;
}

/** Round times in the zone; candles stay aligned to UTC. */
export function zonedTicks(
  from: EpochMs,
  to: EpochMs,
  count: number,
  zone: Zone,
  width: PictureWidth = "wide",
): TimeTick[] {
  const shift = zone.offsetAt((from + to) / 2);
  return innerTimeTicks(from + shift, to + shift, count, width).map((tick) => ({
    ...tick,
    value: tick.value - zone.offsetAt(tick.value - shift),
  }));
}
