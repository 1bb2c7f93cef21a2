import { clockText, minuteText } from "../../core/text/time_text.ts";
import { DAY_MS, type EpochMs, toIso } from "../../core/time.ts";

/** Origin of a candle, as stored. */
export interface Origin {
  readonly storedAt: EpochMs;
  readonly origin: "rest" | "stream" | "daily" | "monthly" | "file";
  /** Number of revisions by the exchange. */
  readonly revisions: number;
}

/** A common origin of all candles from `first` to `last`, both open times. */
export interface ProvenanceSpan extends Origin {
  readonly first: EpochMs;
  readonly last: EpochMs;
}

/** Origin of a candle, which may be imported: then it is in no span. */
export interface ShownOrigin extends Omit<Origin, "origin"> {
  readonly openTime: EpochMs;
  readonly origin: Origin["origin"] | "imported";
}

/** Candles stored together share a span; in ascending order, as `candles` are. */
export function toSpans(candles: readonly ShownOrigin[]): ProvenanceSpan[] {
  const spans: { -readonly [Key in keyof ProvenanceSpan]: ProvenanceSpan[Key] }[] = [];
  let isBroken = false;
  for (const { openTime, storedAt, origin, revisions } of candles) {
    const span = isBroken ? undefined : spans.at(-1);
    isBroken = origin === "imported";
    if (origin === "imported") continue;
    const isSame = span?.storedAt === storedAt && span.origin === origin &&
      span.revisions === revisions;
    if (isSame) span.last = openTime;
    else spans.push({ first: openTime, last: openTime, storedAt, origin, revisions });
  }
  return spans;
}

export function findOrigin(
  spans: readonly ProvenanceSpan[],
  openTime: EpochMs,
): Origin | undefined {
  return spans.find(({ first, last }) => first <= openTime && openTime <= last);
}

/** Spans as an attribute of the page. */
export function spansText(spans: readonly ProvenanceSpan[]): string {
  return spans.map(({ first, last, storedAt, origin, revisions }) =>
    `${first} ${last} ${storedAt} ${origin} ${revisions}`
  ).join();
}

/** Parses the result of `spansText`. */
export function parseSpans(text: string): ProvenanceSpan[] {
  return text === "" ? [] : text.split(",").map((span) => {
    const [first, last, storedAt, origin, revisions] = span.split(" ") as [
      ...[string, string, string],
      Origin["origin"],
      string,
    ];
    return {
      first: Number(first),
      last: Number(last),
      storedAt: Number(storedAt),
      origin,
      revisions: Number(revisions),
    };
  });
}

const SOURCE: Record<Origin["origin"], string> = {
  rest: "REST",
  daily: "daily archive",
  stream: "stream",
  monthly: "monthly archive",
  file: "imported file",
};

/** `REST, stored 10:00:06, revised 2 times`; with the day unless it is that of `closed`. */
export function provenanceText(
  { origin, storedAt, revisions }: Origin,
  closed: EpochMs,
): string {
  const isSameDay = Math.floor(storedAt / DAY_MS) === Math.floor(closed / DAY_MS);
  const stored = isSameDay
    ? `${clockText(storedAt)}:${toIso(storedAt).slice(17, 19)}`
    : minuteText(Math.floor(storedAt / 60_000) * 60_000);
  return `${SOURCE[origin]}, stored ${stored}, ${revisionText(revisions)}`;
}

function revisionText(revisions: number): string {
  if (revisions === 0) return "never revised";
  return revisions === 1 ? "revised once" : `revised ${revisions} times`;
}
