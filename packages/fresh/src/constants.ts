export const ASSET_CACHE_BUST_KEY = "__frsh_c";
/** The address at which development pages wait for the next build. */
export const ALIVE_URL = "/_frsh/alive";
