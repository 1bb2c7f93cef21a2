import { toIso } from "../core/time.ts";
import type { Rename } from "../core/universe/renames.ts";
import { evidenceOf, type Listing } from "../core/universe/traded_on.ts";

/** Renames by the old and by the new symbol. */
export interface RenameIndex {
  readonly from: ReadonlyMap<string, Rename>;
  readonly to: ReadonlyMap<string, Rename>;
}

export function indexRenames(renames: readonly Rename[]): RenameIndex {
  return {
    from: new Map(renames.map((one) => [one.from, one])),
    to: new Map(renames.map((one) => [one.to, one])),
  };
}

/** A symbol of a day's universe in the format of `/api/universe`. */
export function toUniverseJson(listing: Listing, renames: RenameIndex) {
  const { record: { symbol, base, quote, isSplit }, life } = listing;
  return {
    symbol,
    base,
    quote,
    listed_at: life.listedAt,
    delisted_at: life.delistedAt ?? null,
    evidence: evidenceOf(listing).map(({ fact, at, source, detail }) => ({
      fact,
      at,
      source,
      detail: detail ?? null,
    })),
    assets_from: isSplit ? "name" : "exchange",
    ...NOT_RENAMED,
    ...toRenamesJson(symbol, renames),
  };
}

interface RenamesJson {
  readonly renamed_from: ReturnType<typeof toRenameJson> | null;
  readonly renamed_to: ReturnType<typeof toRenameJson> | null;
}

const NOT_RENAMED: RenamesJson = { renamed_from: null, renamed_to: null };

/** The symbols that one continues, and by which it is continued; empty for most. */
export function toRenamesJson(symbol: string, renames: RenameIndex): Partial<RenamesJson> {
  const [before, after] = [renames.to.get(symbol), renames.from.get(symbol)];
  return {
    ...before === undefined ? {} : { renamed_from: toRenameJson(before.from, before) },
    ...after === undefined ? {} : { renamed_to: toRenameJson(after.to, after) },
  };
}

function toRenameJson(symbol: string, { kind, ratio, reason }: Rename) {
  return { symbol, kind, ratio, reason };
}

export const UNIVERSE_COLUMNS = [
  "symbol",
  "base",
  "quote",
  "listed_at",
  "delisted_at",
  "evidence",
  "assets_from",
  "renamed_from",
  "renamed_to",
];

/** The same as a line of CSV: times in ISO 8601, evidence separated by semicolons. */
export function toUniverseRow(listing: Listing, renames: RenameIndex): string[] {
  const json = toUniverseJson(listing, renames);
  const rename = (one: typeof json.renamed_to) =>
    one === null ? "" : one.kind === "known" ? one.symbol : `${one.symbol} (suggested)`;
  return [
    json.symbol,
    json.base,
    json.quote,
    toIso(json.listed_at),
    json.delisted_at === null ? "" : toIso(json.delisted_at),
    json.evidence.map(({ fact, at, source, detail }) =>
      [fact, toIso(at), source, ...detail === null ? [] : [detail]].join(" ")
    ).join("; "),
    json.assets_from,
    rename(json.renamed_from),
    rename(json.renamed_to),
  ];
}
