import { Builder } from "fresh/dev";
import { freshConfig, vendorFolder } from "./fresh.config.ts";
import { vendorPlotly } from "./lib/build/vendor.ts";

// `deno task build` and `deno task dev`.
const builder = new Builder({ ...freshConfig, target: "es2022" });
await vendorPlotly(vendorFolder);
if (Deno.args.includes("build")) {
  await builder.build();
} else {
  const { config, stopping: signal } = await import("./main.ts");
  const { host: hostname, port } = config.server;
  await builder.listen(() => import("./main.ts"), { hostname, port, signal });
}
