import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS, toIso } from "../time.ts";
import { NBSP } from "./number_text.ts";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `2026-01-31 14:00`, with seconds unless they are 0; always UTC. */
export function minuteText(time: EpochMs): string {
  return toIso(time).slice(0, time % MINUTE_MS === 0 ? 16 : 19).replace("T", " ");
}

/** `2026-01-31 14:00 UTC` */
export function utcText(time: EpochMs): string {
  return `${minuteText(time)} UTC`;
}

/** `14:00` */
export function clockText(time: EpochMs): string {
  return toIso(time).slice(11, 16);
}

/** `31 Jan` */
export function dayText(time: EpochMs): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${monthText(time)}`;
}

export function monthText(time: EpochMs): string {
  return MONTHS[new Date(time).getUTCMonth()]!;
}

/** `3 s`, `12 m`, `3 h 12 m`, `2 d 4 h`; never negative. */
export function ageText(ms: number): string {
  const part = (size: number, unit: string) => `${Math.floor(ms / size)}${NBSP}${unit}`;
  const rest = (of: number, size: number, unit: string) => {
    const count = Math.floor(ms % of / size);
    return count === 0 ? "" : ` ${count}${NBSP}${unit}`;
  };
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / SECOND_MS))}${NBSP}s`;
  if (ms < HOUR_MS) return part(MINUTE_MS, "m");
  if (ms < DAY_MS) return part(HOUR_MS, "h") + rest(HOUR_MS, MINUTE_MS, "m");
  return part(DAY_MS, "d") + rest(DAY_MS, HOUR_MS, "h");
}

/** `18:42`, `3:18:42`, `2 d 4 h`: a remaining time, never negative. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND_MS));
  if (seconds >= 2 * DAY_MS / SECOND_MS) return ageText(ms);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const rest = `${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? rest : `${Math.floor(seconds / 3600)}:${rest}`;
}
