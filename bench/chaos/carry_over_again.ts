import { findPlace } from "../../lib/store/cluster/embedded_place.ts";
import { moveCluster } from "../../lib/store/postgres/carry_over.ts";
import { silent } from "../../lib/testing/postgres.ts";

// Carries the cluster in a folder over to one of the same version, as an upgrade does to a newer one:
// no second version of PostgreSQL is at hand. Prints nothing; ends with 0 when it is done.
const dataDir = await Deno.realPath(Deno.args[0]!);
const migrations = new URL("../../migrations/", import.meta.url);
const place = await findPlace(dataDir, silent);
// One that was not killed in time has done it; carryOver() would find the new version, too.
const isDone = await Deno.stat(`${place.data}-17`).then(() => true, () => false);
if (isDone) Deno.exit(0);
await moveCluster({ ...place, major: "17" }, place, {
  dataDir,
  migrations,
  log: silent,
  binaries: undefined,
});
