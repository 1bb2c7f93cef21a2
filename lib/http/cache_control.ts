/**
 * For answers that change with the newest candle: a CDN may spare us a crowd for a moment, browsers
 * ask every time, with their entity tag.
 */
export const CDN_BRIEFLY = "public, max-age=0, s-maxage=5, must-revalidate";
