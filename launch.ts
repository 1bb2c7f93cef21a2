import { requireDeno } from "./lib/build/deno_version.ts";
import { answerVersion } from "./lib/build/version_flag.ts";
import { parseConfig } from "./lib/config.ts";
import { describeError } from "./lib/core/errors.ts";
import { readEnvironment } from "./lib/env_file.ts";
import { followChild, launch } from "./lib/launch/launcher.ts";
import { printError } from "./lib/log.ts";
import { withServiceHost } from "./lib/pg_service.ts";

// `launch.ts [flags of deno run] PROGRAM [arguments]`: runs a program of wick with the permissions
// that its configuration requires. The hosts, folders and programs are known only after reading the
// configuration, and Deno cannot drop part of a permission, so the program runs in another process.
const PROGRAMS = ["serve.ts", "dev.ts", "main.ts"] as const;

requireDeno(Deno.version.deno);
answerVersion(Deno.args);
const at = Deno.args.findIndex((arg) => !arg.startsWith("-"));
const name = PROGRAMS.find((one) => one === Deno.args[at]);
if (name === undefined) {
  fail(`Cannot launch ${Deno.args[at] ?? "nothing"}: available are ${PROGRAMS.join(", ")}`);
}
const env = readEnvironment();
const flags = Deno.args.slice(0, at);
const child = await launch({
  program: { name, args: Deno.args.slice(at + 1) },
  config: readConfig(),
  app: new URL("./", import.meta.url),
  home: env["HOME"],
  flags,
}).catch((error) => fail(`Cannot launch ${name}: ${describeError(error)}`));
Deno.exit(await followChild(child, flags.some((flag) => flag.startsWith("--watch"))));

function readConfig() {
  try {
    return parseConfig(withServiceHost(env));
  } catch (error) {
    return fail(describeError(error));
  }
}

function fail(message: string): never {
  printError(message);
  Deno.exit(2);
}
