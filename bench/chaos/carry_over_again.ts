import { findPlace } from "../../lib/store/cluster/embedded_place.ts";
import { moveCluster } from "../../lib/store/postgres/carry_over.ts";
import { silent } from "../../lib/testing/database/postgres.ts";

// Migrates the cluster in a folder to one of the same version, as an upgrade does to a newer one,
// because only one version of PostgreSQL is available. Prints nothing; exits with 0 when done.
const dataDir = await Deno.realPath(Deno.args[0]!);
const migrations = new URL("../../migrations/", import.meta.url);
const place = await findPlace(dataDir, silent);
// A run that was not killed in time is complete; carryOver() would refuse the new version.
const isDone = await Deno.stat(`${place.data}-17`).then(() => true, () => false);
if (isDone) Deno.exit(0);
await moveCluster({ ...place, major: "17" }, place, {
  dataDir,
  migrations,
  log: silent,
  binaries: undefined,
});
