import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Binaries, findBinaries } from "../store/cluster/embedded_binaries.ts";
import { SHELTER } from "../store/cluster/embedded_place.ts";
import type { ClusterPermissions } from "./permissions.ts";

/** Programs that create the account `postgres`; they differ between systems. */
const ACCOUNT_MAKERS = ["useradd", "adduser"]
  .flatMap((name) =>
    ["/usr/sbin", "/sbin", "/usr/bin", "/bin"].map((folder) => join(folder, name))
  );
const EXE = Deno.build.os === "windows" ? ".exe" : "";

/**
 * The embedded PostgreSQL: its three programs, the shell that lists processes for wick, and as root
 * the account that runs PostgreSQL with a folder it can reach.
 */
export function clusterPermissions(): ClusterPermissions {
  const binaries = findOrNothing();
  if (binaries === undefined) return { read: [], write: [], run: [], sys: [] };
  const { root, major } = binaries;
  const isRoot = Deno.uid() === 0;
  const folders = [root, ...isRoot ? [join(SHELTER, `postgresql-${major}`)] : []];
  return {
    read: [SHELTER, ...isRoot ? ["/etc/passwd"] : []], // root may have created a cluster there
    // Links of the libraries are created next to them if the package's install script did not run.
    write: [join(root, "lib"), ...isRoot ? [SHELTER] : []],
    run: [
      ...folders.flatMap((folder) =>
        ["initdb", "pg_ctl", "postgres"].map((program) => join(folder, "bin", `${program}${EXE}`))
      ),
      ...Deno.build.os === "windows" ? [] : ["/bin/sh"],
      ...isRoot ? ACCOUNT_MAKERS.filter((path) => existsSync(path)) : [],
    ],
    sys: ["uid"],
  };
}

/** Missing in the container and on systems without a package; the program reports it. */
function findOrNothing(): Binaries | undefined {
  try {
    return findBinaries();
  } catch {
    return undefined;
  }
}
