import { printError } from "../log.ts";

/** A program and the Debian packages that bring it. */
export interface Program {
  readonly name: string;
  /** Succeeds where it is there. */
  readonly check: readonly string[];
  readonly packages: readonly string[];
}

/** What tests run. */
const OF_TESTS: readonly Program[] = [
  { name: "curl", check: ["curl", "--version"], packages: ["curl", "ca-certificates"] },
  {
    name: "Python with pandas",
    check: ["/usr/bin/python3", "-c", "import pandas"],
    packages: ["python3-pandas"],
  },
  { name: "R", check: ["Rscript", "--version"], packages: ["r-base-core"] },
];

/** Installs what is missing where we may; ends the process with a word where we may not. */
export async function requirePrograms(programs = OF_TESTS): Promise<void> {
  const missing = (await Promise.all(
    programs.map(async (one) => await works(one.check) ? [] : [one]),
  )).flat();
  if (missing.length === 0) return;
  await installPackages(missing.flatMap(({ packages }) => packages));
  for (const { name, check, packages } of missing) {
    if (await works(check)) continue;
    printError(`This needs ${name}: install it, on Debian with apt-get install ${packages}`);
    Deno.exit(1);
  }
}

/** Installs Debian packages if this is Debian and we are root. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return;
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    await new Deno.Command("apt-get", {
      args,
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdout: "null",
      stderr: "inherit",
    }).output().catch(() => {});
  }
}

async function works([command, ...args]: readonly string[]): Promise<boolean> {
  return await new Deno.Command(command!, { args, stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
}
