import { DENO_DEPLOYMENT_ID } from "./build_id.ts";

const FIRST_PORT = 8000;
const LAST_PORT = 8019;

export type ListenOptions =
  & Partial<Deno.ServeTcpOptions & Deno.TlsCertifiedKeyPem>
  & { remoteAddress?: string };

type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

export function listen(handler: Handler, options: ListenOptions, basePath: string): void {
  const onListen = options.onListen ?? announcer(options, basePath);
  if (options.port !== undefined && options.port !== 0) {
    Deno.serve({ ...options, onListen }, handler);
  } else {
    listenOnFreePort(handler, { ...options, onListen });
  }
}

function listenOnFreePort(handler: Handler, options: ListenOptions): void {
  for (let port = FIRST_PORT;; port++) {
    try {
      Deno.serve({ ...options, port }, handler);
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse) || port === LAST_PORT) throw error;
    }
  }
}

function announcer(options: ListenOptions, basePath: string): (addr: Deno.NetAddr) => void {
  return ({ hostname, port }) => {
    if (DENO_DEPLOYMENT_ID !== undefined) return;
    const protocol = options.key !== undefined && options.cert !== undefined ? "https" : "http";
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    const lines = [`Fresh ready`, `    Local:   ${protocol}://${host}:${port}${basePath}/`];
    if (options.remoteAddress !== undefined) lines.push(`    Remote:  ${options.remoteAddress}`);
    // deno-lint-ignore no-console
    console.log(`\n${lines.join("\n")}\n`);
  };
}
