import { printError, printLine } from "./lib/log.ts";
import { close, config, isHosted, stopping } from "./main.ts";

// `deno task start`, and the entrypoint on Deno Deploy: serves on HOST and PORT, which `deno serve`
// does not read, and ends in time.
const built = new URL("./_fresh/server.js", import.meta.url).href; // made by `deno task build`
const { default: server }: { default: { fetch: Deno.ServeHandler } } = await import(built);

/** For requests in progress; with the page that the collector has in hand it stays below 5 s. */
const DRAIN_MS = 2_000;

const { host: hostname, port, basePath } = config.server;
let code = 0;
try {
  const address = isHosted ? {} : { hostname, port }; // the platform has its own
  const http = Deno.serve({ ...address, onListen: announce }, server.fetch);
  await new Promise((resolve) => stopping.addEventListener("abort", resolve, { once: true }));
  await Promise.race([
    http.shutdown(),
    new Promise((resolve) => setTimeout(resolve, DRAIN_MS)),
  ]);
} catch (error) {
  if (!(error instanceof Deno.errors.AddrInUse)) throw error;
  printError(`Cannot listen on ${hostname}:${port}: another program does; set PORT`);
  code = 1;
}
await close();
Deno.exit(code);

function announce({ hostname, port }: Deno.NetAddr): void {
  const host = hostname === "0.0.0.0" || hostname === "::" ? "localhost" : hostname;
  printLine(`wick is at http://${host}:${port}${basePath}/charts`);
}
