/** Address that a server listens on. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** `127.0.0.1:8000`; an IPv6 address is in brackets. */
export function addressText({ hostname, port }: Address): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/** The address to open in a browser on this machine. */
export function localAddress({ hostname, port }: Address): string {
  const isAny = hostname === "0.0.0.0" || hostname === "::";
  return addressText({ hostname: isAny ? "localhost" : hostname, port });
}

/** Describes in one line why a server cannot listen, and the setting to change. */
export function describeListenFailure(error: unknown, address: Address): string {
  return `Cannot listen on ${addressText(address)}: ${listenCause(error, address)}`;
}

function listenCause(error: unknown, { hostname, port }: Address): string {
  const { errors } = Deno;
  if (error instanceof errors.AddrInUse) return "the port is in use by another program; set PORT";
  if (error instanceof errors.AddrNotAvailable) {
    return `this machine does not have the address ${hostname}; set HOST`;
  }
  if (/^fe80:/i.test(hostname) && !hostname.includes("%")) {
    return `a link-local address requires its interface, as in ${hostname}%eth0; set HOST`;
  }
  if (error instanceof errors.PermissionDenied) {
    return port < 1024
      ? "ports below 1024 require root; set PORT"
      : "the system forbids it; set HOST or PORT";
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/lookup|resolve/i.test(message)) {
    return `the name ${hostname} has no address here; set HOST to an address of this machine`;
  }
  return `${message}; set HOST or PORT`;
}
