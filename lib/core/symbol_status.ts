/** The exchange listed the symbol once and does not any more; its own statuses never say so. */
export const REMOVED = "REMOVED";
