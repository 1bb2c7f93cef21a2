import type { GapClass } from "../../core/gaps.ts";
import { toIso } from "../../core/time.ts";
import type { TimeRange } from "../../core/time.ts";
import type { SeriesStatus } from "./series_status.ts";

/**
 * State of a strip's part: stored, no candles expected (not listed yet, not traded), exchange
 * outage, pending gap, or not collected yet.
 */
export type StripKind = "have" | "none" | "lost" | "gap" | "todo";

/** Consecutive parts with the same state. */
export interface StripRun {
  readonly kind: StripKind;
  /** First part, and number of parts. */
  readonly start: number;
  readonly length: number;
  /** Less than half of it is missing. */
  readonly isSome: boolean;
}

export interface AbsentPart {
  readonly part: number;
  readonly class: GapClass;
  readonly absentMs: number;
}

const KIND: Record<GapClass, StripKind> = {
  pending: "gap",
  exchange_outage: "lost",
  not_listed: "none",
  delisted: "none",
};
const RANK: readonly StripKind[] = ["gap", "lost", "none"];

/** A series over `range`, in `parts` equal parts; each shows its worst state. */
export function toStrip(
  series: Pick<SeriesStatus, "state" | "since" | "firstOpenTime" | "newestClosed">,
  absent: readonly AbsentPart[],
  { range, parts }: { readonly range: TimeRange; readonly parts: number },
): StripRun[] {
  const step = (range.to - range.from) / parts;
  const runs: { -readonly [Key in keyof StripRun]: StripRun[Key] }[] = [];
  for (let part = 0; part < parts; part++) {
    const from = range.from + part * step;
    const { kind, isSome = false } = outside(series, from, from + step) ??
      inside(absent.filter((one) => one.part === part), step);
    const last = runs.at(-1);
    if (last?.kind === kind && last.isSome === isSome) last.length++;
    else runs.push({ kind, isSome, start: part, length: 1 });
  }
  return runs;
}

type Shown = { readonly kind: StripKind; readonly isSome?: boolean };

function outside(
  { state, since, firstOpenTime, newestClosed }: Parameters<typeof toStrip>[0],
  from: number,
  to: number,
): Shown | undefined {
  if (since !== undefined && to <= since) return { kind: "none" };
  if (firstOpenTime === undefined || to <= firstOpenTime) return { kind: "todo" };
  if (newestClosed !== undefined && from >= newestClosed) {
    return { kind: state === "stale" || state === "late" ? "gap" : "none" };
  }
  return undefined;
}

function inside(absent: readonly AbsentPart[], step: number): Shown {
  const kind = RANK.find((kind) => absent.some((one) => KIND[one.class] === kind));
  if (kind === undefined) return { kind: "have" };
  const absentMs = absent.reduce((sum, { absentMs }) => sum + absentMs, 0);
  return { kind, isSome: absentMs < step / 2 };
}

const WORDS: Partial<Record<StripKind, string>> = {
  gap: "pending gaps",
  lost: "exchange outages",
  todo: "not collected yet",
};
const MAX_TIMES = 5;

/** Description of the strip: its incomplete ranges. */
export function stripText(
  runs: readonly StripRun[],
  { range, parts }: { readonly range: TimeRange; readonly parts: number },
): string {
  const step = (range.to - range.from) / parts;
  const day = (part: number) => toIso(range.from + part * step).slice(0, 10);
  const words = Object.entries(WORDS).flatMap(([kind, word]) => {
    const own = runs.filter((run) => run.kind === kind);
    if (own.length === 0) return [];
    const times = own.slice(-MAX_TIMES).reverse().map(({ start, length }) => {
      const [first, last] = [day(start), day(start + length - 1)];
      return first === last ? first : `${first} to ${last}`;
    });
    const more = own.length > MAX_TIMES ? ` and ${own.length - MAX_TIMES} earlier` : "";
    return [`${word} ${times.join(", ")}${more}`];
  });
  return words.length === 0 ? "complete" : words.join("; ");
}
