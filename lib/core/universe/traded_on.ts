import { DAY_MS, type EpochMs, toIso } from "../time.ts";
import type { SymbolLife, SymbolRecord } from "./symbol_record.ts";

/** A fact from which a listing or delisting follows. */
export interface Evidence {
  readonly fact: "first_candle" | "last_candle" | "status" | "status_change" | "archive_files";
  readonly at: EpochMs;
  readonly source: SymbolLife["source"];
  readonly detail?: string;
}

/** A symbol in one of its lives. */
export interface Listing {
  readonly record: SymbolRecord;
  readonly life: SymbolLife;
}

/** Midnight UTC of the day of `time`. */
export function dayOf(time: EpochMs): EpochMs {
  return Math.floor(time / DAY_MS) * DAY_MS;
}

/** The symbols that were traded on the UTC day of `at`; of two lives on a day the later one. */
export function tradedOn(
  records: readonly SymbolRecord[],
  { at, quote }: { readonly at: EpochMs; readonly quote?: string | undefined },
): Listing[] {
  const day = dayOf(at);
  return records.flatMap((record) => {
    if (quote !== undefined && record.quote !== quote) return [];
    const life = record.lives.findLast(({ listedAt, delistedAt = Infinity }) =>
      listedAt < day + DAY_MS && delistedAt > day
    );
    return life === undefined ? [] : [{ record, life }];
  });
}

/** The facts behind the dates of a life. */
export function evidenceOf({ record, life }: Listing): Evidence[] {
  const { listedAt, delistedAt, source } = life;
  const { archived, status, checkedAt } = record;
  const evidence: Evidence[] = [{ fact: "first_candle", at: listedAt, source }];
  if (delistedAt !== undefined) evidence.push({ fact: "last_candle", at: delistedAt, source });
  for (const { at, from, to } of record.statuses) {
    if (at < listedAt || (delistedAt !== undefined && from !== "TRADING" && at > delistedAt)) {
      continue;
    }
    evidence.push({ fact: "status_change", at, source: "exchange", detail: `${from} to ${to}` });
  }
  if (life === record.lives.at(-1) && checkedAt !== undefined) {
    evidence.push({ fact: "status", at: checkedAt, source: "exchange", detail: status });
  }
  if (archived !== undefined && source === "archive") {
    const [first, last] = [archived.from, archived.to - 1].map((time) => toIso(time).slice(0, 7));
    evidence.push({
      fact: "archive_files",
      at: archived.from,
      source: "archive",
      detail: `${first} to ${last}`,
    });
  }
  return evidence;
}
