import { ageText, minuteText } from "../../core/text/time_text.ts";
import { askAgainAt, type GapClass, type GapEvidence } from "../../core/gaps.ts";
import { numberText } from "../../core/text/number_text.ts";
import { type EpochMs, MINUTE_MS, type TimeRange } from "../../core/time.ts";
import type { GapGroup } from "../../ports/status_reader.ts";
import type { IconName } from "../components/icon_shapes.ts";

/** A row of the gap list: a gap, or gaps that begin and end together. */
export interface GapRow extends TimeRange {
  readonly missing: number;
  readonly class: GapClass;
  /** Of a row for several series, that of one of them. */
  readonly evidence: GapEvidence | undefined;
  /** Imported candles within it. */
  readonly imported?: number;
}

export const GAP_ICON: Record<GapClass, IconName> = {
  pending: "late",
  exchange_outage: "offline",
  not_listed: "frozen",
  delisted: "frozen",
};

/** `ETHUSDT`, `ADAUSDT and BTCUSDT`, `8 of 10 symbols` or `all 10 symbols`. */
export function groupSymbols(
  { symbols, names }: Pick<GapGroup, "symbols" | "names">,
  collected: number,
): string {
  if (symbols <= names.length) return names.join(" and ");
  const count = (value: number) => numberText(value, 0);
  // More than are collected when symbols were removed from the settings.
  return symbols >= collected
    ? `all ${count(symbols)} symbols`
    : `${count(symbols)} of ${count(collected)} symbols`;
}

/** Reason and evidence of a gap. Imported candles do not fill it. */
export function gapReason(gap: GapRow): string {
  const { imported = 0 } = gap;
  const note = imported === 0 ? "" : `; imported candles: ${numberText(imported, 0)}`;
  return absenceText(gap) + note;
}

function absenceText({ class: reason, evidence }: GapRow): string {
  const witness = evidence === undefined ? "" : witnessText(evidence);
  switch (reason) {
    case "pending":
      return evidence === undefined ? "Missing here; refetch pending" : `Missing here: ${witness}`;
    case "exchange_outage":
      return `The exchange has no candles${witness && `: ${witness}`}`;
    case "not_listed":
      return "The symbol was not listed yet";
    case "delisted":
      return `The symbol was not traded${witness && `: ${witness}`}`;
  }
}

function witnessText({ asked, askedAt, others, othersMissing }: GapEvidence): string {
  const times = asked === 1 ? "requested once" : `requested ${asked} times`;
  const rest = others === 0 ? "" : `; also missing for ${othersMissing} of ${others} other symbols`;
  return `${times}, last ${minuteText(Math.floor(askedAt / MINUTE_MS) * MINUTE_MS)}${rest}`;
}

/** Time of the next request. */
export function gapRetry(gap: GapRow, now: EpochMs): string {
  const time = askAgainAt(gap);
  if (time === undefined) return "none";
  return time <= now ? "next repair" : `in ${ageText(time - now)}`;
}
