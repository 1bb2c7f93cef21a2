import { printError, printLine } from "./lib/log.ts";
import { close, config, drainWith, isHosted, stopping } from "./main.ts";

// `deno task start`, and the entrypoint on Deno Deploy: serves on HOST and PORT, which `deno serve`
// does not read. `main.ts` ends the process.
const built = new URL("./_fresh/server.js", import.meta.url).href; // made by `deno task build`
const { default: server }: { default: { fetch: Deno.ServeHandler } } = await import(built);

const { host: hostname, port, basePath } = config.server;
try {
  if (!stopping.aborted) listen();
} catch (error) {
  if (!(error instanceof Deno.errors.AddrInUse)) throw error;
  printError(`Cannot listen on ${hostname}:${port}: another program does; set PORT`);
  await close();
  Deno.exit(1);
}

function listen(): void {
  const address = isHosted ? {} : { hostname, port }; // the platform has its own
  const http = Deno.serve({ ...address, onListen: announce }, server.fetch);
  drainWith(() => http.shutdown());
}

function announce({ hostname, port }: Deno.NetAddr): void {
  const host = hostname === "0.0.0.0" || hostname === "::" ? "localhost" : hostname;
  printLine(`wick is at http://${host}:${port}${basePath}/charts`);
}
