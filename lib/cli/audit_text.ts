import { type ValueName, VALUES } from "../collector/files/compare_candle.ts";
import {
  AUDIT_KINDS,
  type AuditKind,
  type AuditMark,
  type FileAudit,
  isClean,
} from "../collector/files/running_audit.ts";
import type { AppError } from "../core/errors.ts";
import { seriesName } from "../core/kline.ts";
import { numberText } from "../core/text/number_text.ts";
import { HOUR_MS, toIso } from "../core/time.ts";

/** A file's series, or the reason why it could not be compared. */
export type AuditOutcome =
  | { readonly path: string; readonly audit: FileAudit; readonly error?: undefined }
  | { readonly path: string; readonly audit?: undefined; readonly error: AppError };

/** The outcomes of a command. */
export interface AuditReport {
  readonly outcomes: readonly AuditOutcome[];
  /** Origin of the candles that were compared with. */
  readonly against: string;
  readonly at: Date;
}

/** Words for each kind of candle, after its number. */
export const KIND_WORDS: Readonly<Record<AuditKind, string>> = {
  different: "different",
  open: "open when they were stored",
  invented: "only in the file",
  missing: "missing in the file",
  contradicted: "with rows that contradict each other",
  rounded: "rounded",
  unknown: "not compared: outside the known range",
  outage: "that neither side has",
  equal: "equal",
};

/** The verdict on a file in one sentence. */
export function verdictOf(audit: FileAudit): string {
  const { counts, isOtherMarket } = audit;
  if (isOtherMarket) return "Another market or symbol: most prices differ.";
  if (isClean(audit)) {
    return counts.unknown === 0
      ? "Equal to the exchange."
      : `Equal where compared; ${count(counts.unknown)} ${KIND_WORDS.unknown}.`;
  }
  if (counts.unknown === audit.candles) {
    return "Not compared: the candles to compare with are of other times.";
  }
  const zone = zonesOf(audit);
  const problems = AUDIT_KINDS.filter((kind) => !["equal", "outage", "unknown"].includes(kind))
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${count(counts[kind])} ${KIND_WORDS[kind]}`);
  const { repeated, invalid } = audit;
  const rows = [
    ...repeated > 0 ? [`${count(repeated)} repeated`] : [],
    ...invalid.length > counts.contradicted ? [`${count(invalid.length)} invalid rows`] : [],
  ];
  return `${sentence([...zone, ...problems, ...rows].join(", "))}.`;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
export const count = (value: number) => numberText(value, 0);

/** Offsets of a file's times from UTC. */
function zonesOf({ shiftMs, zoneChanges }: FileAudit): string[] {
  if (shiftMs === 0 && zoneChanges.length === 0) return [];
  const later = zoneChanges.slice(0, MAX_ZONES).map((change) =>
    `from ${toIso(change.from)} ${zoneText(change.shiftMs)}`
  );
  const more = zoneChanges.length > MAX_ZONES ? [`${zoneChanges.length} changes in total`] : [];
  return [[`times are ${zoneText(shiftMs)}`, ...later, ...more].join(", ")];
}

/** Changes of the offset that a verdict names. */
const MAX_ZONES = 3;

/** `5.5 hours ahead of UTC`. */
function zoneText(shiftMs: number): string {
  if (shiftMs === 0) return "UTC";
  const hours = Math.abs(shiftMs) / HOUR_MS;
  return `${hours} ${hours === 1 ? "hour" : "hours"} ${shiftMs > 0 ? "ahead of" : "behind"} UTC`;
}

/** A file's audit as lines. */
export function describeAudit(audit: FileAudit): string[] {
  const { counts, columns, examples, findings, range } = audit;
  const kinds = AUDIT_KINDS.toReversed().filter((kind) => counts[kind] > 0)
    .map((kind) => `  ${count(counts[kind]).padStart(9)} ${kindLine(kind, audit)}`);
  const span = `${toIso(range.from)} to ${toIso(range.to)}`;
  return [
    `${audit.path}: ${audit.format}, ${seriesName(audit)}, ${
      count(audit.candles)
    } candles, ${span}`,
    `  ${verdictOf(audit)}`,
    ...kinds,
    ...listColumns(columns).map(({ column, candles, most }) =>
      `  ${columnName(column)}: ${count(candles)} differ, by up to ${most}`
    ),
    ...examples.map((mark) => `    ${describeMark(mark)}`),
    ...audit.invalid.slice(0, MAX_INVALID).map((row) => `    ${row}`),
    ...findings.map((finding) => `  ${finding}`),
  ];
}

/** Invalid rows printed for a file; the JSON document has all. */
const MAX_INVALID = 20;

function kindLine(kind: AuditKind, { filled }: FileAudit): string {
  const detail = kind === "invented" && filled > 0
    ? ` (${count(filled)} filled: volume 0, one price)`
    : "";
  return `${KIND_WORDS[kind]}${detail}`;
}

/** An example in one line. */
export function describeMark({ kind, time, verdict }: AuditMark): string {
  const values = (verdict?.differences ?? []).map(({ column, own, exchange }) =>
    `${columnName(column)} ${own} instead of ${exchange}`
  );
  return [`${toIso(time)} ${kind}`, ...values].join(", ");
}

/** `quoteAssetVolume` as `quote asset volume`. */
export function columnName(column: ValueName): string {
  return column.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The columns that differ, in the order of the CSV, with their largest difference as text. */
export function listColumns(columns: FileAudit["columns"]) {
  return VALUES.flatMap((column) => {
    const found = columns.get(column);
    if (found === undefined) return [];
    return [{ column, candles: found.candles, most: sizeText(column, found.maxSize) }];
  });
}

/** Two significant digits of a share, however small it is. */
function sizeText(column: ValueName, size: number): string {
  if (column === "closeTime") return `${numberText(size / 1000, 3)} s`;
  return Number.isFinite(size) ? `${Number((size * 100).toPrecision(2))}%` : "any amount";
}

/** The result of all files in one line. */
export function describeTotal(outcomes: readonly AuditOutcome[], against: string): string {
  const audits = outcomes.flatMap(({ audit }) => audit ?? []);
  const failed = outcomes.length - audits.length;
  const sum = (kind: AuditKind) => audits.reduce((total, { counts }) => total + counts[kind], 0);
  const kinds = AUDIT_KINDS.toReversed().filter((kind) => sum(kind) > 0)
    .map((kind) => `${count(sum(kind))} ${KIND_WORDS[kind]}`);
  const unread = failed === 0 ? "" : `; ${failed} not compared`;
  return `${audits.length} series compared with ${against}${unread}: ${
    kinds.join(", ") || "no candles"
  }`;
}

/** A file's audit for programs; times in epoch ms. */
export function toAuditJson(audit: FileAudit) {
  const { path, symbol, interval, format, range, candles, counts, columns } = audit;
  return {
    file: path,
    symbol,
    interval,
    format,
    from: range.from,
    to: range.to,
    candles,
    counts,
    filled: audit.filled,
    off_grid: audit.offGrid,
    repeated: audit.repeated,
    invalid: audit.invalid,
    findings: audit.findings,
    shift_ms: audit.shiftMs,
    shift_changes: audit.zoneChanges.map(({ from, shiftMs }) => ({ from, shift_ms: shiftMs })),
    is_other_market: audit.isOtherMarket,
    columns: listColumns(columns).map(({ column, candles, most }) => ({
      column: columnName(column).replaceAll(" ", "_"),
      candles,
      most,
    })),
    examples: audit.examples.map(({ kind, time, verdict }) => ({
      kind,
      open_time: time,
      values: (verdict?.differences ?? []).map(({ column, own, exchange }) => ({
        column: columnName(column).replaceAll(" ", "_"),
        own,
        exchange,
      })),
    })),
    verdict: verdictOf(audit),
  };
}
