/**
 * Control characters (a bare carriage return and the escape that begins terminal commands among
 * them), line separators and marks that turn the direction of writing; line feeds are left.
 */
const UNPRINTABLE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g;

/** The text without what moves a terminal's cursor or hides a part of it; lines stay lines. */
export function toPrintable(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(UNPRINTABLE, " ");
}

/** One printable line of a text from outside, cut to `maxLength` characters. */
export function toPlainText(text: string, maxLength: number): string {
  // A little more than is kept, so that the cost does not grow with the text.
  const line = toPrintable(text.slice(0, maxLength * 2)).replaceAll("\n", " ").trim();
  const isWhole = line.length <= maxLength && text.length <= maxLength * 2;
  return isWhole ? line : `${line.slice(0, maxLength).trimEnd()}…`;
}
