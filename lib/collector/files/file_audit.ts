import type { ImportedCandle } from "../../core/imported_candle.ts";
import type { Series } from "../../core/kline.ts";
import type { TimeRange } from "../../core/time.ts";
import type { FilePart, KlineFile } from "../../ports/archive_source.ts";
import { FileZone, zoneRange } from "./file_zone.ts";
import { type FileAudit, type FileExtent, RunningAudit } from "./running_audit.ts";

/** Source of the candles to compare with. */
export interface AuditReference {
  /**
   * All closed candles that open in the range, ascending.
   *
   * @throws `not_found` for an unknown symbol
   */
  read(series: Series, range: TimeRange, signal: AbortSignal): Promise<readonly ImportedCandle[]>;
  /**
   * The times of which it knows all candles. Others count as unknown.
   *
   * @throws `not_found` for an unknown series
   */
  known(series: Series): Promise<readonly TimeRange[]>;
}

/**
 * Compares the candles of a file with the exchange's. The file is read twice: for its range and
 * time zone, then to compare.
 *
 * @throws `bad_payload` for a file without readable candles
 */
export async function auditFile(
  file: KlineFile,
  reference: AuditReference,
  signal: AbortSignal,
): Promise<FileAudit> {
  const survey = await surveyFile(file, signal);
  const { sample } = survey;
  const zone = new FileZone(sample, await reference.read(file, zoneRange(sample), signal));
  const audit = new RunningAudit(file, survey, zone, await reference.known(file));
  for await (const part of file.candles()) {
    signal.throwIfAborted();
    audit.note(part);
    const written = candlesOf(part);
    if (written.length === 0) continue;
    const wide = audit.reaching(zone.rangeOf(written));
    const exchange = await reference.read(file, wide, signal);
    const own = zone.toUtc(written, exchange);
    const { from, to } = audit.rangeOf(own);
    const inRange = exchange.filter(({ openTime }) => openTime >= from && openTime < to);
    audit.add(own, inRange, { from, to });
  }
  return audit.result();
}

interface Survey extends FileExtent {
  /** Candles in a row, to find the time zone. */
  readonly sample: readonly ImportedCandle[];
}

const SAMPLE_CANDLES = 200;

async function surveyFile(file: KlineFile, signal: AbortSignal): Promise<Survey> {
  let [from, to, candles] = [Infinity, -Infinity, 0];
  let sample: readonly ImportedCandle[] = [];
  for await (const part of file.candles()) {
    signal.throwIfAborted();
    const own = candlesOf(part);
    if (own.length === 0) continue;
    from = Math.min(from, own[0]!.openTime);
    to = Math.max(to, own.at(-1)!.openTime);
    candles += own.length;
    if (own.length > sample.length && sample.length < SAMPLE_CANDLES) {
      sample = own.slice(0, SAMPLE_CANDLES);
    }
  }
  return { range: { from, to }, candles, sample };
}

/** Complete and weaker candles of a part, ascending. */
export function candlesOf({ klines, imported }: FilePart): ImportedCandle[] {
  if (klines.length === 0) return [...imported];
  const exact: ImportedCandle[] = klines.map((kline) => ({ ...kline, isFloat: false }));
  return [...exact, ...imported].sort((a, b) => a.openTime - b.openTime);
}
