/**
 * Control characters (a bare carriage return and the escape that begins terminal commands among
 * them), line separators and bidirectional marks; line feeds are kept.
 */
const UNPRINTABLE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g;

/** Removes characters that move a terminal's cursor or hide text; keeps line feeds. */
export function toPrintable(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(UNPRINTABLE, " ");
}

/** One printable line of outside text, truncated to `maxLength` characters. */
export function toPlainText(text: string, maxLength: number): string {
  // Bounds the cost for long texts.
  const line = toPrintable(text.slice(0, maxLength * 2)).replaceAll("\n", " ").trim();
  const isWhole = line.length <= maxLength && text.length <= maxLength * 2;
  return isWhole ? line : `${line.slice(0, maxLength).trimEnd()}…`;
}
