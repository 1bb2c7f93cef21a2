import { toHref } from "../../components/site_href.ts";
import { parseSymbolJson, type SymbolsJson } from "./symbol_json.ts";
import type { FoundSymbols } from "./symbol_search.ts";
import type { SymbolRow } from "./symbol_row.ts";

export interface SymbolQuery {
  readonly search?: string | undefined;
  /** Separated by commas. */
  readonly first?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number;
}

/** A page of symbols from `/api/symbols`; `undefined` without an answer. */
export async function fetchSymbols(
  path: string,
  query: SymbolQuery,
  signal: AbortSignal,
): Promise<FoundSymbols<SymbolRow> | undefined> {
  const given = Object.entries(query).filter(([, value]) => value !== "");
  const href = toHref("", path, Object.fromEntries(given));
  const response = await fetch(href, { signal }).catch(() => undefined);
  if (!response?.ok) return undefined;
  const { symbols, total, next } = await response.json() as SymbolsJson;
  return { symbols: symbols.map(parseSymbolJson), total, next: next ?? undefined };
}
