import type { EpochMs } from "../../core/time.ts";
import type { Rename } from "../../core/universe/renames.ts";
import type { SymbolLife, SymbolRecord } from "../../core/universe/symbol_record.ts";
import type { EventKind } from "./universe_href.ts";

/** A listing or delisting of a symbol. */
export interface UniverseEvent {
  readonly kind: Exclude<EventKind, "renamed">;
  readonly at: EpochMs;
  readonly record: SymbolRecord;
  readonly life: SymbolLife;
  /** The rename that it belongs to. */
  readonly rename: Rename | undefined;
}

export interface EventFilter {
  readonly quote?: string | undefined;
  readonly kind?: EventKind | undefined;
}

/** Listings and delistings, newest first. */
export function listEvents(
  records: readonly SymbolRecord[],
  renames: readonly Rename[],
  { quote, kind }: EventFilter,
): UniverseEvent[] {
  const begun = new Map(renames.map((one) => [`${one.to} ${one.beganAt}`, one]));
  const ended = new Map(renames.map((one) => [`${one.from} ${one.endedAt}`, one]));
  return records.filter((record) => quote === undefined || record.quote === quote)
    .flatMap((record) =>
      record.lives.flatMap((life): UniverseEvent[] => {
        const { listedAt, delistedAt } = life;
        const { symbol } = record;
        const listed: UniverseEvent = {
          kind: "listed",
          at: listedAt,
          record,
          life,
          rename: begun.get(`${symbol} ${listedAt}`),
        };
        if (delistedAt === undefined) return [listed];
        const rename = ended.get(`${symbol} ${delistedAt}`);
        return [listed, { kind: "delisted", at: delistedAt, record, life, rename }];
      })
    )
    .filter((event) =>
      kind === undefined || event.kind === kind ||
      (kind === "renamed" && event.rename !== undefined)
    )
    .sort((a, b) => b.at - a.at || (a.record.symbol < b.record.symbol ? -1 : 1));
}

/** Quote assets, those with the most symbols first. */
export function listQuotes(records: readonly SymbolRecord[]): string[] {
  const counts = new Map<string, number>();
  for (const { quote } of records) counts.set(quote, (counts.get(quote) ?? 0) + 1);
  return [...counts].filter(([quote]) => quote !== "")
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([quote]) => quote);
}
