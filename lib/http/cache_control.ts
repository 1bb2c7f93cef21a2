/**
 * For responses that change with the newest candle: a CDN may absorb a burst for a few seconds,
 * browsers revalidate every time with their ETag.
 */
export const CDN_BRIEFLY = "public, max-age=0, s-maxage=5, must-revalidate";
