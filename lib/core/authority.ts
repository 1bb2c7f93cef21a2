const AUTHORITY = /^([\w.-]+|\[[\da-f:.]+\])(:\d{0,5})?$/i;
/** A name has at most 253 characters, a port five. */
const MAX_LENGTH = 260;

/** True if `text` is a host name or address with an optional port, as in a Host header. */
export function isAuthority(text: string): boolean {
  return text.length <= MAX_LENGTH && AUTHORITY.test(text) && URL.canParse(`http://${text}/`);
}
