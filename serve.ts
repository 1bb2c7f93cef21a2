import { printError, printLine } from "./lib/log.ts";
import { connectionLimits, readOpenFileLimit } from "./lib/server/connection_limits.ts";
import { openFront } from "./lib/server/front.ts";
import { describeListenFailure, localAddress } from "./lib/server/listen.ts";
import { refuseMalformed } from "./lib/server/well_formed.ts";
import { close, config, drainWith, isHosted, log, stopping } from "./main.ts";

// `deno task start`, and the entrypoint on Deno Deploy: serves on HOST and PORT, which `deno serve`
// does not read. `main.ts` ends the process.
const built = new URL("./_fresh/server.js", import.meta.url); // created by `deno task build`
const { host: hostname, port, basePath } = config.server;

if (!await Deno.stat(built).then(() => true, () => false)) {
  await fail("Cannot serve the pages: they are not built; run `deno task build`");
}
const { default: server }: { default: { fetch: Deno.ServeHandler } } = await import(built.href);
const handler = refuseMalformed(server.fetch);
try {
  if (!stopping.aborted) await listen();
} catch (error) {
  await fail(describeListenFailure(error, { hostname, port }));
}

async function listen(): Promise<void> {
  if (isHosted) return listenPlainly({}); // the platform has its own address and front end
  const limits = connectionLimits(config.connections, await readOpenFileLimit());
  const front = openFront({ hostname, port, limits, log, handler });
  if (front === undefined) {
    log.warn("This version of Deno cannot limit connections: put a proxy in front that does");
    return listenPlainly({ hostname, port });
  }
  drainWith(front.close);
  announce(front.address);
}

function listenPlainly(address: { hostname?: string; port?: number }): void {
  const http = Deno.serve({ ...address, onListen: announce }, handler);
  drainWith(() => http.shutdown());
}

function announce(address: Deno.NetAddr): void {
  printLine(`wick is at http://${localAddress(address)}${basePath}/charts`);
}

async function fail(message: string): Promise<never> {
  printError(message);
  await close();
  Deno.exit(1);
}
