import type { ChartAddress } from "../../../core/chart_address.ts";
import { chartAddressRules } from "../../../core/chart_address_rules.ts";
import { requireRange } from "../../../core/parameter_rules.ts";
import { searchParam } from "../../../http/queries/api_queries.ts";
import type { Services } from "../../../http/define.ts";
import { parseQuery, symbolParam } from "../../../http/queries/query.ts";
import { plainName } from "./symbol_choices.ts";
import { readDirectory } from "./symbol_directory.ts";
import type { SymbolRow } from "./symbol_row.ts";
import { type FoundSymbols, searchSymbols } from "./symbol_search.ts";

/** Symbols per page. */
const SIZE = 60;

const symbolsPageRules = chartAddressRules.omit({ symbol: true, page: true }).extend({
  search: searchParam.optional(),
  after: symbolParam.optional(),
});

export interface SymbolsQuery {
  readonly search: string | undefined;
  readonly after: string | undefined;
  /** The chart's address for the links. */
  readonly address: Partial<ChartAddress>;
}

/** @throws `invalid_input` for invalid parameters; unknown ones are ignored */
export function parseSymbolsQuery(params: URLSearchParams): SymbolsQuery {
  const given = new URLSearchParams(params);
  if (given.get("search")?.trim() === "") given.delete("search"); // a form without input
  const query = parseQuery(given, symbolsPageRules, { allowsUnknown: true });
  const { search, after, pin, interval, ...rest } = query;
  requireRange(rest);
  const address = { ...rest, ...interval && { interval }, isPinned: pin !== undefined };
  return { search, after, address };
}

/** A page of the symbols that match a search. */
export interface SymbolsData extends FoundSymbols<SymbolRow> {
  readonly query: SymbolsQuery;
  readonly favourites: readonly string[];
  /** The symbol that the search names exactly. */
  readonly exact: string | undefined;
}

export async function readSymbolsPage(
  services: Services,
  query: SymbolsQuery,
  favourites: readonly string[] = [],
): Promise<SymbolsData> {
  const { search = "", after } = query;
  const wanted = plainName(search);
  const { entries } = await readDirectory(services);
  const exact = wanted === ""
    ? undefined
    : entries.find(({ symbol }) => plainName(symbol) === wanted)?.symbol;
  // Fewer favourites than a page has symbols: one marked on the page before is not at the front.
  const first = search === "" ? favourites.filter((symbol) => symbol !== after) : favourites;
  const found = await searchSymbols(services, { search, first, after, limit: SIZE });
  return { query, exact, favourites, ...found };
}
