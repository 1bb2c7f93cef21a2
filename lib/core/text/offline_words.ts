const SERVER_ADVICE = "wick keeps trying; `deno task demo` shows it with simulated data";
const COMMAND_ADVICE = "`deno task demo` shows wick with simulated data";

/**
 * The reason why the exchange is unreachable, and what to do. A reason that includes advice is
 * kept.
 */
export function withOfflineAdvice(reason: string, isCommand = false): string {
  if (!isUnreachable(reason) || reason.includes(". ")) return reason;
  return `${reason}. ${isCommand ? COMMAND_ADVICE : SERVER_ADVICE}`;
}

const UNREACHABLE = "Binance cannot be reached from here";

/** The common beginning of such reasons. */
export function unreachableReason(cause: string): string {
  return `${UNREACHABLE}: ${cause}`;
}

function isUnreachable(reason: string): boolean {
  return reason.startsWith(UNREACHABLE);
}

/** A reason as the title and the text of a banner. */
export function toOfflineBanner(reason: string): { readonly title: string; readonly text: string } {
  const full = withOfflineAdvice(reason);
  if (!isUnreachable(full)) {
    return { title: "Binance returned no usable response", text: `${full}.` };
  }
  const text = full.slice(UNREACHABLE.length + 2);
  return { title: UNREACHABLE, text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
}
