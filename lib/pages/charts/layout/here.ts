/**
 * Base of links from the page to itself. Fresh marks a link as current by its path alone, which all
 * of them share, unless it is relative.
 */
export const HERE = ".";
