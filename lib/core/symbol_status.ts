/** wick's status of a symbol that the exchange no longer lists. */
export const REMOVED = "REMOVED";
