/** What a server does while the exchange is out of reach, and what to do about it. */
export const OFFLINE_ADVICE = "wick keeps trying; `deno task demo` shows it with simulated data";

/** The same for a command, which gives up. */
export const OFFLINE_COMMAND_ADVICE = "`deno task demo` shows wick with simulated data";
