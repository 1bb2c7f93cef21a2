import { requireDeno } from "./lib/build/deno_version.ts";
import { answerVersion } from "./lib/build/version_flag.ts";
import { printError } from "./lib/log.ts";

// `deno task deploy [--prod …]`: prints wick's requirements, runs `deno deploy`, and restores
// deno.json.
const NEEDS = `wick on Deno Deploy needs, once per app (docs/deploy.md has each step):
  - region eu or global: Binance refuses requests from the United States
  - a Deno KV database assigned to the app
  - DATABASE_URL as a secret, for Production and Development: any PostgreSQL from version 15 on
Without --prod the deployment is a preview: it serves pages and does not collect.
`;

requireDeno(Deno.version.deno);
answerVersion(Deno.args);
printError(NEEDS);
const before = await Deno.readTextFile("deno.json").catch((error: Error) => {
  printError(`Cannot deploy: deno.json cannot be read: ${error.message}`);
  Deno.exit(1);
});
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["deploy", ...Deno.args],
  stdin: "inherit",
}).spawn().status;
if (await Deno.readTextFile("deno.json") !== before) {
  // It replaces the block `deploy` by organisation and app.
  await Deno.writeTextFile("deno.json", before);
  printError(
    "The deploy command changed deno.json, which was restored: pass --org and --app",
  );
}
Deno.exit(code);
