/**
 * Hosts that serve the public spot market of Binance. Source: binance-spot-api-docs, rest-api.md.
 */
const PUBLIC_HOSTS: ReadonlySet<string> = new Set([
  "data-api.binance.vision",
  "api.binance.com",
  "api-gcp.binance.com",
  "api1.binance.com",
  "api2.binance.com",
  "api3.binance.com",
  "api4.binance.com",
]);

/** Market of hosts that all serve Binance's public spot market. */
export const PUBLIC_MARKET = "public";

/**
 * Name of the market behind a list of origins: `public`, `local` for this machine, the host for any
 * other, and all of them for a mixed list.
 */
export function marketOf(origins: readonly string[]): string {
  return [...new Set(origins.map(marketOfOrigin))].sort().join("+");
}

function marketOfOrigin(origin: string): string {
  const { protocol, hostname, port } = new URL(origin);
  if (protocol === "https:" && port === "" && PUBLIC_HOSTS.has(hostname)) return PUBLIC_MARKET;
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return isLocal ? "local" : hostname;
}
