/**
 * Ids and attributes that markup and script share. Each is written here only: components put them
 * on the page, sessions and islands look for them.
 */

/** Parts of the charts page that the server's newer ones replace; see `livePart`. */
export const SUMMARY = "chart-summary";
export const PROOF = "proof";
export const TABLE_COUNT = "table-count";
export const TABLE_ROWS = "table-rows";
export const TABLE_PAGES = "table-pages";
export const API_ROWS = "api-rows";
export const DATES_FORM = "dates-form";

/** Table rows reserved for candles that are not stored. */
export const TABLE_NEWEST = "table-newest";
export const SYMBOL_FIELD = "symbol-search";
/** `Accept` header of a script's request for the parts of a page that all readers share. */
export const SHARED_PAGE = "text/html";
/** The form of the stars of all symbols. */
export const STARS = "stars";

/** Marks a part of any page that may be replaced. */
export const LIVE = "data-live";
/** The server's data about its view for islands: `ViewFacts` as JSON. */
export const FACTS = "data-facts";
/** Names what a control does, for shortcuts. */
export const ACTION = "data-key";
/** Names the move of a link through time. */
export const MOVE = "data-move";

/** Data of a link in the symbol list: the symbol's name, and its price's freshness. */
export const SYMBOL_NAME = "data-name";
export const SYMBOL_STATE = "data-state";
/** Names the coin of a row of the market caps. */
export const COIN = "data-coin";
/** On the root element: the user's choice of colours. */
export const THEME = "data-theme";
export const PALETTE = "data-palette";

/** Attributes of a part that a newer one of the server's may replace, by its id. */
export function livePart<Id extends string>(id: Id) {
  return { id, [LIVE]: "" } as const;
}

/** An attribute by its name, for JSX. */
export function attribute(name: string, value: string | undefined) {
  return { [name]: value };
}
