import { Builder } from "fresh/dev";
import { freshConfig, vendorFolder } from "./fresh.config.ts";
import { requireDeno } from "./lib/build/deno_version.ts";
import { vendorPlotly } from "./lib/build/vendor.ts";
import { answerVersion } from "./lib/build/version_flag.ts";
import { printError } from "./lib/log.ts";
import { describeListenFailure } from "./lib/server/listen.ts";

// `deno task build` and `deno task dev`.
requireDeno(Deno.version.deno);
answerVersion(Deno.args);
const builder = new Builder({ ...freshConfig, target: "es2022" });
await vendorPlotly(vendorFolder);
if (Deno.args.includes("build")) await builder.build();
else await serveSources();

async function serveSources(): Promise<void> {
  const { close, config, stopping: signal } = await import("./main.ts");
  const { host: hostname, port } = config.server;
  try {
    Deno.listen({ hostname, port }).close(); // the build runs first below, and takes a while
  } catch (error) {
    printError(describeListenFailure(error, { hostname, port }));
    await close();
    Deno.exit(1);
  }
  await builder.listen(() => import("./main.ts"), { hostname, port, signal });
}
