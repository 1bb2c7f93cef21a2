/** As shown in the footer. */
export const VERSION = "0.1.0";
