import { type EpochMs, toIso } from "../time.ts";

export type Param = readonly [name: string, value: string];

/** `2026-01-31T14:00Z`, with seconds and milliseconds where they are not zero. */
export function timeText(time: EpochMs): string;
export function timeText(time: EpochMs | undefined): string | undefined;
export function timeText(time: EpochMs | undefined): string | undefined {
  return time === undefined
    ? undefined
    : toIso(Math.round(time)).replace(/\.000Z$/, "Z").replace(/:00Z$/, "Z");
}

/** `?from=2026-01-31T14:00Z&symbol=BTCUSDT`, or nothing. */
export function queryText(params: readonly Param[]): string {
  const parts = params.map(([name, value]) => `${name}=${encoded(value)}`);
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}

function encoded(value: string): string {
  if (/^[\w:,.-]*$/.test(value)) return value; // nearly all values
  return encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2C", ",");
}
