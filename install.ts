import { requireDeno } from "./lib/build/deno_version.ts";
import { describeReadOnly, installAll, installRunPackages } from "./lib/build/run_packages.ts";

// The first step of every task: installs wick's packages, with --all also those of the tests. It
// runs with --no-config, so that an old Deno can print its message.
requireDeno(Deno.version.deno);
const project = new URL("./", import.meta.url);
const problem = describeReadOnly(project);
if (problem !== undefined) {
  Deno.stderr.writeSync(new TextEncoder().encode(`${problem}\n`));
  Deno.exit(1);
}
Deno.exit(await (Deno.args.includes("--all") ? installAll(project) : installRunPackages(project)));
