import { SYMBOL } from "./symbol_name.ts";

/** Name of the cookie with the symbols that a reader has marked; there is no other copy. */
const COOKIE = "wick-favourites";
/** `~` is in no symbol, and `encodeURIComponent` leaves it as it is. */
const SEPARATOR = "~";
export const MAX_FAVOURITES = 50;
/** About the longest that browsers keep; a longer value is not read. */
const MAX_LENGTH = 4_000;
const YEAR_S = 365 * 24 * 3600;

const VALUE = new RegExp(String.raw`(?:^|;\s*)${COOKIE}=([^;]{1,${MAX_LENGTH}})(?:;|$)`);

/**
 * The favourites in a request's `Cookie` header or in `document.cookie`, in the order in which they
 * were marked. The value may come from anywhere: what is not a symbol is left out.
 */
export function findFavourites(cookies: string | null): string[] {
  const symbols = decode(VALUE.exec(cookies ?? "")?.[1] ?? "").split(SEPARATOR)
    .filter((symbol) => SYMBOL.test(symbol));
  return [...new Set(symbols)].slice(0, MAX_FAVOURITES);
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}

/** Path of the stars' form, relative to the pages that list symbols. */
export const STAR_PATH = "star";

/** The address of a star leads to the opposite of its state. */
export function starHref(symbol: string, isMarked: boolean): string {
  return `${STAR_PATH}?${isMarked ? "remove" : "add"}=${encodeURIComponent(symbol)}`;
}

/** A `Set-Cookie` header, which `document.cookie` accepts, too. */
export function favouritesCookie(favourites: readonly string[], basePath: string): string {
  const value = encodeURIComponent(favourites.join(SEPARATOR));
  const age = favourites.length === 0 ? 0 : YEAR_S;
  return `${COOKIE}=${value}; Path=${basePath || "/"}; Max-Age=${age}; SameSite=Lax`;
}
